// Operands are evaluated left to right and keep their values.
@implementation LangTest
- (int)bump
{
    return ++_number;
}
- (id)take:(id)a with:(id)b
{
    return [NSString stringWithFormat:@"%@ %@", a, b];
}
- (void)main
{
    int x = 1;
    id s = @"old";
    LangCounted *c = [[LangCounted alloc] initWithValue:7];

    [self i:[self bump] * 10 + [self bump]];        // expect: 12
    [self i:[self addInt:x to:(x = 5)]];            // expect: 6
    [self p:[self take:s with:(s = @"new")]];       // expect: old new
    [self i:x + (x = 2)];                           // expect: 7
    [self i:[self addInt:[c value] to:(c = nil) == nil]]; // expect: 8
}
@end
