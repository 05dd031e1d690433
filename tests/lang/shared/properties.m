// Properties by dot, with compound assignment.
typedef struct LangSpan { long start, stop; } LangSpan;
@implementation LangTest
- (void)main
{
    LangTest *other = [[LangTest alloc] init];
    LangSpan s = {1, 9};

    self.number = 4;
    [self i:self.number];             // expect: 4
    self.number += 3;
    [self i:self.number];             // expect: 7
    self.number++;
    [self i:self.number];             // expect: 8
    [self i:self.number--];           // expect: 8
    [self i:self.number];             // expect: 7
    [self i:(self.number = 12)];      // expect: 12
    other.name = @"other";
    [self p:other.name];              // expect: other
    other.name = [other.name stringByAppendingString:@"!"];
    [self i:other.name.length];       // expect: 6
    self.span = s;
    [self i:self.span.stop];          // expect: 9
    [self i:[[other name] length]];   // expect: 6
    [self p:LangTest.class];          // expect: LangTest
    other.number = self.number = 5;
    [self i:other.number];            // expect: 5
    [self i:((LangTest *)nil).number]; // expect: 0
}
@end
