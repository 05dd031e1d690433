// Instance variables by name and by arrow, at their own widths.
typedef struct LangSpan { long start, stop; } LangSpan;
@implementation LangTest
- (void)main
{
    LangTest *other = [[LangTest alloc] init];

    _number = 7;
    [self i:[self number]];   // expect: 7
    _number += 5;
    [self i:_number++];       // expect: 12
    [self i:self->_number];   // expect: 13
    other->_number = 4;
    [self i:[other number]];  // expect: 4
    _small = 70000;
    [self i:_small];          // expect: 4464
    [self i:_flag];           // expect: 0
    _flag = 200;
    [self i:_flag];           // expect: 200
    _real = 2.5;
    _single = 0.1;
    [self d:_real * 2];       // expect: 5
    [self d:_single];         // expect: 0.1
    _name = @"direct";
    [self p:self.name];       // expect: direct
    _object = [LangCounted make];
    [self i:[_object value]]; // expect: 1
    _object = nil;
    _span.stop = 33;
    _span.start = _span.stop - 3;
    [self i:self.span.start]; // expect: 30
    plain = 5;
    plain *= plain;
    [self i:plain];           // expect: 25
    other->_name = [[NSString alloc] initWithString:@"kept"];
    [self p:other.name];      // expect: kept
}
@end
