// Both surfaces in one file; declare struct and struct literals.
declare struct LangSpan { typeEncoding: "{LangSpan=qq}", keys: start, stop }
class LangTest : NSObject {
- (long)lengthOf:(struct LangSpan)s { return [self ORGlengthOf:s] + 100; }
- (void)main {
    struct LangSpan s = {start: 3, stop: 9};
    LangSpan t = {stop: 4};

    self.i:(self.lengthOf:(s));   // expect: 106
    self.i:(t.start + t.stop);    // expect: 4
    s.start += 1;
    self.i:([self lengthOf:s]);   // expect: 105
    self.span = t;
    self.i:(self.span.stop);      // expect: 4
    _span.stop = 8;
    self.i:(self.span.stop);      // expect: 8
}
}
@implementation LangLeaf
- (NSString *)chain { return super.chain(); }
@end
