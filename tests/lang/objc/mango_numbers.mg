// Mango's numbers: 64-bit variables, conversion at the edges of native methods.
class LangTest : NSObject {
- (BOOL)isOdd:(int)n { return 10; }
- (int)number { return 4294967297; }
- (double)half:(double)x { return x / 2; }
- (void)main {
    char c = 127;
    int n = 5;
    float f = 0.1;
    BOOL b = YES;

    c++;
    self.i:(c);                        // expect: 128
    self.i:(self.isOdd:(2));           // expect: 1
    self.i:(self.number());            // expect: 1
    self.d:(self.half:(3));            // expect: 1.5
    self.d:(f * 10 - 1);               // expect: 0
    self.countInto:(&n);
    self.i:(n);                        // expect: 12
    self.i:(7 % 4);                    // expect: 3
    self.i:(1 << 40);                  // expect: 1099511627776
    self.i:(-8 >> 1);                  // expect: -4
    if (b == YES) { self.p:(@"yes"); } // expect: yes
    self.i:(n++);                      // warning: the value is the one before the change
    // expect: 12
    self.i:('A');                      // expect: 65
    self.p:(@[1]);                     // warning: the number becomes an object
    // expect: (1)
    self.p:(@"" + @selector(a:b:));    // expect: a:b:
    self.d:(1.0 / 0);                  // raises: MendErrorDivideByZero
}
}
