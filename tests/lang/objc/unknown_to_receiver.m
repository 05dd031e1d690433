// A message the receiver does not know raises what it raises from compiled code, wherever the selector is known.
@implementation LangTest
- (void)main
{
    id text = [NSString stringWithFormat:@"%d", 7];

    @try {
        [text objectForKey:@"x"];
    } @catch (NSException *e) {
        [self p:[e name]]; // expect: NSInvalidArgumentException
        [self i:[[e reason] rangeOfString:@"does not recognize objectForKey:"].length > 0]; // expect: 1
    }
}
@end
