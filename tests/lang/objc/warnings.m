// Warnings do not stop a patch.
@implementation LangTest
- (void)main
{
    int a = 1, b;
    id x = @"text";
    void *p = NULL;
    LangBase *base = [LangLeaf new];

    if (a = 2)                // warning: this assigns
        [self i:a];           // expect: 2
    if ((b = 3))
        [self i:b];           // expect: 3
    p = x;                    // warning: becomes 'void *' without a cast
    [base main];              // warning: 'LangBase' may not respond to 'main'
    // raises: NSInvalidArgumentException
    [x release];              // warning: 'release' does nothing here
}
@end
