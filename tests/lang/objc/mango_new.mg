// A new class in Mango's form.
class LangMango : LangBase {
    @property (nonatomic, copy) NSString *owner;
    @property (nonatomic) int total;
- (id)initWithOwner:(NSString *)o {
    self = super.init();
    if (self) { self.owner = o; _total = 3; }
    return self;
}
- (NSString *)chain { return super.chain() + " mango " + self.owner + self.total; }
+ (NSString *)kind { return @"mango " + super.kind; }
}
class LangTest : NSObject {
- (void)main {
    LangMango *m = LangMango.alloc().initWithOwner:(@"me");

    self.p:(m.chain());      // expect: base mango me3
    m.total = m.total * 2;
    self.i:(m.total);        // expect: 6
    self.p:(LangMango.kind); // expect: mango base kind
}
}
