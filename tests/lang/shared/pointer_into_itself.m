// The address of an element, assigned to the pointer it was reached by.
static char *
endOf(char *p)
{
    p = &p[strlen(p)];
    return p;
}
@implementation LangTest
- (void)main
{
    char text[] = "four";
    long numbers[] = {1, 2, 3, 4, 5}, *at = numbers;
    int step = 2;

    [self i:(int)(endOf(text) - text)]; // expect: 4
    at = &at[step];
    [self i:(int)*at]; // expect: 3
    at = &at[step - 1];
    [self i:(int)*at]; // expect: 4
}
@end
