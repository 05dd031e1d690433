#pragma mend profile(ocrunner)
// What is not there is written to the log, and the value is zero.
@implementation LangTest
- (void)main
{
    id none = nil;
    id any = self;
    NSArray *list = @[@1, none, @3];
    NSDictionary *pairs = @{@"a": @1, @"b": none};
    int n = missing;                                  // warning: unknown name 'missing'

    [self i:n];                                       // expect: 0
    nowhere = 3;                                      // warning: unknown name 'nowhere'
    [self i:(long)[list count]];                      // expect: 2
    [self i:(long)[pairs count]];                     // expect: 1
    // expect: 1
    [self i:[any noSuchThing:4] == nil]; // warning: no class here has a method
    [self i:[any length] == 0];                       // expect: 1
    // expect: 1
    [self i:[Missing new] == nil]; // warning: unknown name 'Missing'
    [self p:[any name] ? @"named" : @"unnamed"];      // expect: unnamed
    // expect: 1
    @try { [self i:missing + 1]; } @catch (NSException *e) { [self p:[e name]]; } // warning: unknown name 'missing'
    void (^empty)(void) = nil;
    @try { empty(); } @catch (NSException *e) { [self p:[e name]]; } // expect: MFRuntimeErrorNullPointer
}
@end
