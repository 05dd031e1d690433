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
    static int kept[];       // error: the array 'kept' has no size
    id b = ^{ return 3; }(1); // error: the block takes 0 arguments, not 1
    @try {                   // error: '@try' needs
    }
    ;
    @try {
    inside:
        ^{ break; }();       // error: 'break' outside
    } @finally {
    }
    @synchronized (3) {      // error: only an object has a lock
    }
    goto nowhere;            // error: there is no label 'nowhere'
    goto inside;             // error: goto cannot jump into
    __weak int w;            // error: only an object can be __weak
    @throw;                  // error: without a value outside
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
