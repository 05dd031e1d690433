// switch: fall-through, default anywhere, ranges, continue through it.
@implementation LangTest
- (int)number
{
    return 4;
}
- (void)main
{
    for (int i = 0; i < 6; i++) {
        switch (i) {
        default:
            [self p:@"other"];
            break;
        case 0:
            [self p:@"zero"];
        case 1:
            [self p:@"one"];
            break;
        case 3 ... 4:
            continue;
        }
        [self i:i];
    }
    // expect: zero
    // expect: one
    // expect: 0
    // expect: one
    // expect: 1
    // expect: other
    // expect: 2
    // expect: other
    // expect: 5
    switch ([self number]) {
    case 4: {
        int x = 3;
        [self i:x]; // expect: 3
    }
    }
    switch ('b') {
    case 'a':
        [self p:@"a"];
        break;
    case 'b':
        [self p:@"b"]; // expect: b
    }
}
@end
