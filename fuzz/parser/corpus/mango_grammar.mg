// The Mango rules of the grammar (spec 33), one after the other.
@SwiftClassAlias Foundation.Text.Plain PlainText;
;;
@If(YES) declare struct Pair { keys: left, right, typeEncoding: "{Pair=qq}", };
typedef int Count;
typedef void (^Done)(BOOL ok);
enum { First = 3, Second };
@If(NO) class Nowhere : NSObject { - (void)never { } }
#If(YES) @If(1 < 2)
class GrammarShelf : NSObject <NSCopying, NSObject> {
    { int _count; NSString *_label; }
    ;
    @property (nonatomic, copy) NSString *title;
    @property (nonatomic) int size, depth;
    @If(NO) - (int)skipped { return 1; };
    @MethodName("renamedBy:") - (int)oddly:(int)n { return n + 1; };
    - plain { return self; }
    - (void)set:(int)a :(int)b { _count = a * 10 + b; }
    - (int)count; { return _count; }
    - (id)copyWithZone:(Pointer)zone { return self; }
    - (struct Pair)pair { struct Pair p = {left: 1, right: 2,}; return p; }
    + (Block)adder:(int)n { return ^int(int m) { return n + m; }; }
};
class LangTest : NSObject {
    - (void)main {
        GrammarShelf *shelf = GrammarShelf.new().plain();
        shelf.set::(4, 2);
        self.i:(shelf.count());                      // expect: 42
        [shelf set:1 :2];
        self.i:([shelf count]);                      // expect: 12
        self.i:(shelf.renamedBy:(1));                // expect: 2
        self.i:(shelf.respondsToSelector:(@selector(skipped))); // expect: 0
        self.i:(shelf.pair().right);                 // expect: 2
        self.i:(GrammarShelf.adder:(2)(3));          // expect: 5
        shelf.title = @"t" @"u";
        self.p:(shelf.title);                        // expect: tu
        id copy = shelf.copy(), class = GrammarShelf, in = @"in";
        self.i:(copy == shelf && class.class() == GrammarShelf); // expect: 1
        Count n = First ? Second : 0;
        self.i:(n);                                  // expect: 4
        @Signature("v@?i") Block block = ^(int k) { n = k; };
        block(9);
        self.i:(n);                                  // expect: 9
        Block nothing = ^(void) { n = 1; };
        nothing();
        self.i:(n);                                  // expect: 1
        CFunction<void> none = nil;
        CFunction<int, CString, ...> print = nil;
        self.i:(none == nil && print == NULL);       // expect: 1
        switch (n) { case 0: { } case 1 ... 3: n += 5; break; default: n = 0; }
        self.i:(n);                                  // expect: 6
        do n--; while (n > 4)
        self.i:(n);                                  // expect: 4
        for (id e in @[@"x", @"y",]) self.p:(e);     // expect: x
                                                     // expect: y
        self.p:(@{@"k": n > 3 ? @"big" : @"small",}[@"k"]); // expect: big
        self.p:(n == 4 ? shelf.title : (@"no"));     // expect: tu
        self.i:(n == 4 ? shelf.renamedBy:(5) : 0);   // expect: 6
        self.i:(@1.intValue() + @(2).intValue());    // expect: 3
        self.i:(({ int t = n; t * 2; }));             // expect: 8
        self.i:(sizeof(int) + sizeof(n));            // expect: 12
        goto end;
    end:
        self.i:(n >> 1 | 1 << 3 ^ 1 & ~0);           // expect: 11
    }
}
