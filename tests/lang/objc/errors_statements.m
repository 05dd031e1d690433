// Statements in the wrong place, and what this version cannot do.
@implementation LangTest
- (void)main
{
    break;                   // error: 'break' outside a loop or switch
    continue;                // error: 'continue' outside a loop
    case 3:                  // error: 'case' outside a switch
    switch (1) {
    case 1:
    case 1:                  // error: the switch has this case already
        break;
    default:
    default:                 // error: the switch has a default already
        break;
    }
    for (int x in @[])       // error: the elements are objects, not 'int'
        ;
    for (id x in 3)          // error: 'int' is no collection
        ;
    static int kept = [self hash]; // error: needs a constant initialiser
    id b = ^{ };             // error: a block is not supported yet
    @try {                   // error: not supported yet
    } @finally {
    }
    int x, x;                // error: redefinition of 'x'
    int v[];                 // error: the array 'v' has no size
    void nothing;            // error: a variable cannot have the type 'void'
    struct unknown u;        // error: 'struct unknown' is not defined
    @throw 3;                // error: only objects can be thrown
    [super noSuchThing];     // error: 'NSObject' has no method '-noSuchThing'
}
@end
[self p:@"top level"];       // error: there is no 'self' here
return;                      // error: 'return' outside
