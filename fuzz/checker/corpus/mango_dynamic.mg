// Variables whose type the process does not know: they hold any value with its kind (spec 10.3).
declare struct Span { typeEncoding: "{Span=qq}", keys: start, stop }
SomeKind shared = 4;
class LangTest : NSObject {
    - (void)main {
        SomeState s = 3;
        self.i:(s);                                  // expect: 3
        self.i:(s + 1);                              // expect: 4
        self.p:(s + @"x");                           // expect: 3x
        s = 2.5;
        self.d:(s);                                  // expect: 2.5
        self.d:(s * 2);                              // expect: 5
        self.p:(@"" + s);                            // expect: 2.500000
        s = @"text";
        self.i:(s.length());                         // expect: 4
        self.p:(s);                                  // expect: text
        self.p:(s + 1 + YES);                        // expect: text11
        s = nil;
        self.i:(s == nil);                           // expect: 1
        self.i:(s + 5);                              // expect: 5
        self.i:(s.count() == 0);                     // expect: 1
        s = 0x10;
        self.i:(-1 < s);                             // expect: 0
        self.i:(s > 3 && s != 17);                   // expect: 1
        s++;
        s += 3;
        self.i:(s);                                  // expect: 20
        self.i:(s % 7);                              // expect: 6
        self.i:((s & 6) | 1);                        // expect: 5
        self.i:(s << 2);                             // expect: 80
        self.i:(-s);                                 // expect: -20
        self.i:(s ? 1 : 2);                          // expect: 1
        s = NO;
        self.i:(s ? 1 : 2);                          // expect: 2
        self.i:(s ?: 9);                             // expect: 9
        self.i:(!s);                                 // expect: 1
        s = @selector(length);
        self.i:(s == @selector(length));             // expect: 1
        self.p:(s + @"!");                           // expect: length!
        s = NSString;
        self.p:(s.string() + @"made");               // expect: made
        s = "c text";
        self.p:(s + @"");                            // expect: c text
        self.i:(strlen(s));                          // expect: 6
        s = ^int(int n) { return n * 2; };
        self.i:(s(21));                              // expect: 42
        struct Span span = {start: 3, stop: 5};
        s = span;
        span.start = 9;
        self.i:(s.start + s.stop);                   // expect: 8
        struct Span back = s;
        self.i:(back.stop);                          // expect: 5
        s = 7;
        self.p:(@(s));                               // expect: 7
        self.p:(@[s, @1][0]);                        // expect: 7
        self.p:([NSString stringWithFormat:@"%d %@ %.1f", s, s, s]); // expect: 7 7 7.0
        NSArray *list = @[@"a", @"b"];
        s = 1;
        self.p:(list[s]);                            // expect: b
        NSDictionary *d = @{@"k": @"v"};
        s = @"k";
        self.p:(d[s]);                               // expect: v
        s = list;
        for (Whatever e in s) { self.p:(e); }        // expect: a
                                                     // expect: b
        s = 2;
        switch (s) { case 1: self.i:(1); break; case 2: self.i:(22); } // expect: 22
        int total = 10;
        total += s;
        self.i:(total);                              // expect: 12
        Block add = ^{ s = s + 1; };
        add();
        self.i:(s);                                  // expect: 3
        self.i:(shared);                             // expect: 4
        shared = shared + @"s";
        self.p:(shared);                             // expect: 4s
        @try { list.arrayByAddingObject:(s); } @catch (NSException *e) { self.p:(e.name()); } // expect: MFErrorNotSupportType
        @try { s / 0; } @catch (NSException *e) { self.p:(e.name()); } // expect: MendErrorDivideByZero
        s = @[];
        @try { s * 2; } @catch (NSException *e) { self.p:(e.reason()); } // expect: dynamic.mg:80:18: the operator cannot combine an object and an integer
        @try { int n = s; } @catch (NSException *e) { self.p:(e.name()); } // expect: MFRuntimeErrorIllegalParameterType
        self.p:(fmt_num(@"%.1lf", @(2)));            // expect: 2.0
        self.p:(fmt_num(@"<%05d>%%", @42));          // expect: <00042>%
        self.p:(fmt_num(@"%llx", @255));             // expect: ff
        @try { fmt_num(@"%s", @1); } @catch (NSException *e) { self.p:(e.name()); } // expect: MFRuntimeErrorNotSupportNumberFormat
        @try { fmt_num(@"%d %d", @1); } @catch (NSException *e) { self.p:(e.name()); } // expect: MFRuntimeErrorNotSupportNumberFormat
        CGAffineTransform t = CGAffineTransformScale(CGAffineTransformMakeTranslation(3, 4), 2, 5);
        self.d:(t.a * 1000 + t.d * 100 + t.tx * 10 + t.ty); // expect: 2534
        t = CGAffineTransformConcat(CGAffineTransformMakeScale(2, 5), CGAffineTransformMakeTranslation(3, 4));
        self.d:(t.a * 1000 + t.d * 100 + t.tx * 10 + t.ty); // expect: 2534
        t = CGAffineTransformRotate(CGAffineTransformMake(1, 0, 0, 1, 7, 8), M_PI_2);
        self.i:(round(t.b - t.c + t.tx));            // expect: 9
        t = CGAffineTransformFromString(@"[1, 2, 3, 4, 5, 6]");
        self.d:(t.d + t.ty);                         // expect: 10
        CATransform3D m = CATransform3DMakeScale(2, 3, 4);
        self.d:(m.m11 * 1000 + m.m22 * 100 + m.m33 * 10 + m.m44); // expect: 2341
        CGRect r = CGRectMake(1, 2, 10, 20);
        self.d:(CGRectGetMidX(r) + CGRectGetMaxY(r)); // expect: 28
        self.i:(CGRectContainsPoint(r, CGPointMake(3, 4))); // expect: 1
        s = r;
        self.d:(s.size.height);                      // expect: 20
        UIEdgeInsets insets = UIEdgeInsetsMake(1, 2, 3, 4);
        self.d:(insets.right + UIOffsetMake(5, 6).vertical + CGVectorMake(7, 8).dy + CGSizeMake(1, 2).height); // expect: 20
    }
}
