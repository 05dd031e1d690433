// Mango's own class form and dotted sends.
class LangTest : NSObject {
- (void)main {
    NSString *s = @"text";
    int big = 2147483647;
    uint u = 2;
    id list = NSMutableArray.array();

    self.p:(s.uppercaseString());                    // expect: TEXT
    self.i:(s.length());                             // expect: 4
    self.i:(s.length);                               // expect: 4
    self.i:(big + 1);                                // expect: 2147483648
    self.i:(self.addInt:to:(2, 3));                  // expect: 5
    self.i:(self.twice:(21));                        // expect: 42
    list.addObject:(@"a");
    list.addObject:(@(7 / 2));
    self.p:(list.componentsJoinedByString:(@"-"));   // expect: a-3
    self.p:(@"n=" + 3 + "!");                        // expect: n=3!
    self.p:(1 + 2 + @"x");                           // expect: 3x
    self.p:(@"x" + 1 + 2);                           // expect: x12
    self.p:(3 + @"" + 1.5);                          // expect: 31.500000
    self.p:(@"" + YES + nil);                        // expect: 1(null)
    self.number = 3;
    self.number += 4;
    self.i:(self.number);                            // expect: 7
    self.i:([self number]);                          // expect: 7
    self.i:(-6 / u);                                 // expect: 9223372036854775805
    self.u:(0xFFFFFFFF + 1);                         // expect: 4294967296
    self.i:(-1 < 0x1);                               // expect: 0
    self.i:(1 + YES);                                // expect: 2
    self.p:(super.description.length > 0 ? @"super" : @"none"); // expect: super
    self.p:(NSString.stringWithFormat:(@"%d %@ %.1f", 7, @"x", 2.5)); // expect: 7 x 2.5
    for (id x in @[@1, @2]) { self.p:(x); }          // expect: 1
    // expect: 2
    self.i:(self.ORGaddInt:to:(1, 1));               // expect: 2
}
- (int)twice:(int)n { return n * 2; }
- (int)addInt:(int)a to:(int)b { return self.ORGaddInt:to:(a, b); }
}
