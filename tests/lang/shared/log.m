// NSLog and printf-like functions take their values by the format.
@implementation LangTest
- (void)main
{
    char text[64];
    long big = 1L << 40;
    float f = 1.5;

    NSLog(@"%@ %d %ld %.2f %s %c %%", @"object", 7, big, f, "text", 'c');
    snprintf(text, sizeof text, "%d|%ld|%s|%.1f|%u", 7, big, "s", f, 3u);
    [self s:text];                                                   // expect: 7|1099511627776|s|1.5|3
    [self p:[NSString stringWithFormat:@"%ld %d", 5, big]];          // expect: 5 0
    [self p:[NSString stringWithFormat:@"%f %g", 3, f]];             // expect: 3.000000 1.5
    [self p:[NSString stringWithFormat:@"<%*d>", 5, 42]];             // expect: <   42>
    [self p:[@"%d" stringByAppendingFormat:@"%@", nil]];             // expect: %d(null)
}
@end
