// Unknown names, each with the nearest known one, all in one run.
@implementation LangTest
- (void)main
{
    int count = 1;

    [self i:conut];                  // error: unknown name 'conut'; did you mean 'count'?
    [self i:_numbr];                 // error: unknown name '_numbr'; did you mean '_number'?
    [NSMutableArrey array];          // error: unknown name 'NSMutableArrey'; did you mean 'NSMutableArray'?
    [self p:[self nmae]];            // error: 'LangTest' has no method '-nmae'; did you mean 'name'?
    [NSString strinWithFormat:@""];  // error: 'NSString' has no method '+strinWithFormat:'; did you mean 'stringWithFormat:'?
    self.nubmer = 3;                 // error: nothing implements 'setNubmer:'
    [self i:self->_numbr];           // error: no instance variable '_numbr'; did you mean '_number'?
    NSStrin *s = nil;                // error: unknown type 'NSStrin'; did you mean 'NSString'?
    printff("x");                    // error: unknown name 'printff'; did you mean 'printf'?
    id any = @1;
    [any nothingAnybodyHasEverNamedSo]; // error: no class has a method '-nothingAnybodyHasEverNamedSo'
    int undeclared = NSMakeRange(1, 2).lenght; // error: has no field 'lenght'; did you mean 'length'?
}
@end
@implementation LangTset            // error: there is no class 'LangTset' in this process; did you mean 'LangTest'?
- (void)x { [self p:@""]; }
@end
