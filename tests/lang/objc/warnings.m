// Warnings do not stop a patch.
@implementation LangTest
- (void)explode
{
    NSLog(@"%d");             // warning: asks for more values than there are
    NSLog(@"100%");           // warning: the format ends within a conversion; '%%' prints '%'
    [NSString stringWithFormat:@"%@"];   // warning: asks for more values
    [NSString stringWithFormat:@"%*d%d", 3, 4]; // warning: asks for more values
    [NSString stringWithFormat:@"%s %s", @"x", "y"]; // warning: '%s' prints a C string, and this is 'NSString *'; write '%@', or send it UTF8String
}
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
