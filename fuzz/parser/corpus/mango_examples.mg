// The examples of the language's specification, in the Mango dialect.
declare struct Span { typeEncoding: "{Span=qq}", keys: start, stop }
class ExampleLedger : NSObject <NSCopying> {
    @property (nonatomic, copy) NSString *owner;
    @property (nonatomic, strong) id box;
    - (NSInteger)balanceFor:(NSString *)name { return name.length(); }
    - (id)add:(int)n { return self; }
}
int counter = 1;
counter += 1;
class LangTest : NSObject {
    - (int)number { return 5; }
    @If(NO)
    - (NSString *)name { return @"never"; }
    - (Block)maker {
        return ^int(int n) { return n * 10; };
    }
    - (void)main {
        NSString *s = @"a\d";                        // warning: unknown escape
        self.i:(s.length());                         // expect: 3
        uint u = 0x10;
        self.i:(u + 1);                              // expect: 17
        self.i:(017);                                // expect: 15
        uint two = 2;
        self.p:(@((-6) / two));                      // expect: 9223372036854775805
        self.p:(3 + @"" + 1.5);                      // expect: 31.500000
        self.i:(1 + YES);                            // expect: 2
        @try { self.d:(1.0 / 0); } @catch (NSException *e) { self.p:(e.name()); } // expect: MendErrorDivideByZero
        @try { self.i:(1 / 0); } @catch (NSException *e) { self.p:(e.name()); }   // expect: MendErrorDivideByZero
        char c = 127;
        c++;
        self.i:(c);                                  // expect: 128
        int a, b;
        a = b = 3;
        self.i:(a + b);                              // expect: 6
        int calls = 0;
        Block once = ^int { calls++; return 7; };
        int got = once() ?: 9;
        self.i:(got * 10 + calls);                   // expect: 71
        id o = nil;
        self.i:(o.count() == 0);                     // expect: 1
        self.i:(o.name() == nil);                    // expect: 1
        self.i:(self.maker()(2));                    // expect: 20
        self.p:(NSString.stringWithFormat:(@"%d %@ %.1f", 7, @"x", 2.5)); // expect: 7 x 2.5
        self.p:([NSString stringWithFormat:@"%d %@ %.1f", 7, @"x", 2.5]); // expect: 7 x 2.5
        int n = 0;
        self.countInto:(&n);
        self.i:(n);                                  // expect: 7
        int k = 1;
        Block look = ^int { return k; };
        k = 2;
        self.i:(look());                             // expect: 2
        CFunction<int, CString> parse = CFunction("atoi");
        self.i:(parse("12"));                        // expect: 12
        @try { parse = CFunction("no_such"); } @catch (NSException *e) { self.p:(e.name()); } // expect: MFRuntimeErrorNotFoundCFunction
        struct Span span = {stop: 4};
        self.i:(span.start * 10 + span.stop);        // expect: 4
        ExampleLedger *ledger = ExampleLedger.new();
        ledger.owner = @"me";
        self.p:(ledger.owner);                       // expect: me
        self.i:(ledger.balanceFor:(@"four"));        // expect: 4
        self.i:(ledger.add:(1).add:(2) == ledger);   // expect: 1
        self.i:(ledger.conformsToProtocol:(@protocol(NSCopying))); // expect: 1
        self.i:(self.number());                      // expect: 5
        self.i:(self.name() == nil);                 // expect: 1
        self.i:(counter);                            // expect: 2
        NSArray *list = @[@1, @2, @3];
        int seen = 0;
        list.enumerateObjectsUsingBlock:(^(id v, NSUInteger i, BOOL *stop) {
            seen = seen + 1;
            if (i == 1) { *stop = YES; }
        });
        self.i:(seen);                               // expect: 2
        NSMutableArray *blocks = NSMutableArray.array();
        for (int i = 0; i < 3; i++) {
            int mine = i;
            blocks.addObject:(^int { return mine; });
        }
        self.i:(blocks[0]() + blocks[1]() * 10 + blocks[2]() * 100); // expect: 210
        int t = 0;
        switch (2) {
        default: t = t + 100;
        case 1: t = t + 1; break;
        case 2: t = t + 2;
        case 3: t = t + 3;
        }
        self.i:(t);                                  // expect: 5
        for (;;) { if (t > 7) { break; } t = t + 1; }
        do { t = t + 1; } while (t < 12)
        self.i:(t);                                  // expect: 12
        NSString *text = YES ? self.describe : (nil);
    }
    - (NSString *)describe { return super.description(); }
}
