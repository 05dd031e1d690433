// NSLog in Mango prints its one value, whatever it is.
class LangTest : NSObject {
- (void)main {
    NSLog(42);
    NSLog(@"plain");
    NSLog(@"%@ %d", @"x", 7);
    id x = @"50% of %@";
    NSLog(x);
    self.p:(x);     // expect: 50% of %@
}
}
