// Fast enumeration.
@implementation LangTest
- (void)main
{
    NSMutableArray *list = [NSMutableArray array];
    id outer;
    int n = 0;

    for (NSString *s in @[@"a", @"b", @"c"])
        [self p:s];                          // expect: a
    // expect: b
    // expect: c
    for (id x in nil)
        [self p:@"never"];
    for (int i = 0; i < 50; i++)
        [list addObject:@(i)];
    for (NSNumber *x in list) {
        if ([x intValue] == 3)
            continue;
        if ([x intValue] > 40)
            break;
        n += [x intValue];
    }
    [self i:n];                              // expect: 817
    for (outer in @{@"k": @1})
        [self p:outer];                      // expect: k
    for (NSString *s in @[@"x", @"y"]) {
        s = [s stringByAppendingString:@"!"];
        [self p:s];                          // expect: x!
        // expect: y!
    }
    for (id e in [[NSSet setWithObject:@"only"] objectEnumerator])
        [self p:e];                          // expect: only
    for (LangCounted *c in @[[[LangCounted alloc] initWithValue:3], [LangCounted make]])
        [self i:[c value]];                  // expect: 3
    // expect: 1
}
@end
