// String literals, formats, C strings.
@implementation LangTest
- (void)main
{
    NSString *s = @"h\u00e9llo";
    const char *c = "text";

    [self p:s];                                                          // expect: héllo
    [self i:[s length]];                                                 // expect: 5
    [self p:@"joined " @"literals"];                                     // expect: joined literals
    [self p:[NSString stringWithFormat:@"%d %@ %.1f", 7, @"x", 2.5]];    // expect: 7 x 2.5
    [self p:[NSString stringWithFormat:@"%ld|%lu|%c|%s", -1L, 5UL, 'z', c]]; // expect: -1|5|z|text
    [self p:[NSString stringWithFormat:@"%.2f|%-4d|%04x", 3.14159, 42, 255]]; // expect: 3.14|42  |00ff
    [self s:c];                                                          // expect: text
    [self i:c[0]];                                                       // expect: 116
    [self i:strlen(c)];                                                  // expect: 4
    [self s:c + 2];                                                      // expect: xt
    [self p:@("boxed")];                                                 // expect: boxed
    [self p:[@"a" stringByAppendingFormat:@"-%i-%@", 3, @[@"q"]]];       // expect: a-3-(q)
    [self i:[@"" length]];                                               // expect: 0
    [self i:[@"abc" isEqualToString:@"abc"]];                            // expect: 1
    [self p:[@"tab\there" componentsSeparatedByString:@"\t"]];           // expect: (tab, here)
    [self p:[@"x" uppercaseString]];                                     // expect: X
    [self p:@"a" + @"b" + 3];                                            // expect: ab3
}
@end
