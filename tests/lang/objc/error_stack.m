// A run-time error tells its place and the patch frames around it, through native ones.
@implementation LangTest
static int divide(int a, int b) { return a / b; }
- (void)each
{
    int zero = 0;
    [@[@1] enumerateObjectsUsingBlock:^(id v, NSUInteger i, BOOL *stop) {
        [self i:divide(3, zero)];
    }];
}
- (void)main
{
    @try {
        [self each];
    } @catch (NSException *e) {
        NSDictionary *info = [e userInfo];
        [self p:[[e reason] substringFromIndex:[[e reason] rangeOfString:@":"].location]]; // expect: :3:44: division by zero
        [self p:info[@"MendLine"]];                  // expect: 3
        for (NSString *frame in [info[@"MendStack"] componentsSeparatedByString:@"\n"])
            [self p:[[frame componentsSeparatedByString:@" ("] objectAtIndex:0]]; // expect: divide
                                                     // expect: -[LangTest each] block 1
                                                     // expect: -[LangTest each]
                                                     // expect: -[LangTest main]
    }
}
@end
