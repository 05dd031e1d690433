// Functions of the patch with a variable argument list.
static int sum(int count, ...)
{
    va_list ap;
    int total = 0;
    va_start(ap, count);
    for (int i = 0; i < count; i++)
        total += va_arg(ap, int);
    va_end(ap);
    return total;
}
static NSString *mixed(NSString *first, ...)
{
    va_list ap, again;
    va_start(ap, first);
    va_copy(again, ap);
    id object = va_arg(ap, id);
    double d = va_arg(ap, double);
    const char *s = va_arg(ap, const char *);
    char c = (char)va_arg(ap, int);
    id same = va_arg(again, id);
    va_end(ap);
    return [NSString stringWithFormat:@"%@ %@ %g %s %c %d", first, object, d, s, c, same == object];
}
@implementation LangTest
- (void)main
{
    short s = 4;
    float f = 0.5f;
    [self i:sum(3, 1, 2, s)];                        // expect: 7
    [self i:sum(0)];                                 // expect: 0
    [self p:mixed(@"a", @[@1], f, "text", 'z')];     // expect: a (1) 0.5 text z 1
    [self i:sum(2, sum(1, 5), 6)];                   // expect: 11
}
@end
