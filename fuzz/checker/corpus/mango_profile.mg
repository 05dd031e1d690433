#pragma mend profile(mangofix)
// What is not there is an error when the line runs; ORG selectors are real methods.
class LangTest : NSObject {
    - (int)number { return self.ORGnumber() + 100; }
    - (id)describe { return missing; }                // warning: unknown name 'missing'
    + (int)classNumber { return self.ORGclassNumber() * 2; }
    - (int)addInt:(int)a to:(int)b { return self.ORGaddInt:to:(a, b) * 10; }
    - (void)main {
        self.number = 7;
        self.i:(self.number());                      // expect: 107
        self.i:(self.ORGnumber());                   // expect: 7
        LangTest *other = LangTest.new();
        other.number = 5;
        self.i:(other.ORGnumber());                  // expect: 5
        id any = other;
        self.i:(any.ORGnumber());                    // expect: 5
        self.i:(any.respondsToSelector:(@selector(ORGaddInt:to:))); // expect: 1
        self.i:(any.ORGaddInt:to:(2, 3));            // expect: 5
        self.i:(any.addInt:to:(2, 3));               // expect: 50
        self.i:(LangTest.classNumber() - 2 * LangTest.ORGclassNumber()); // expect: 0
        @try { self.describe(); } @catch (NSException *e) { self.p:(e.name()); } // expect: MendErrorUnknownIdentifier
        nowhere = 3;                                 // warning: unknown name 'nowhere'
        // expect: NSInvalidArgumentException
        @try { any.noSuchThing:(1); } @catch (NSException *e) { self.p:(e.name()); } // warning: no class here has a method
        // expect: MendErrorUnknownIdentifier
        @try { Missing.new(); } @catch (NSException *e) { self.p:(e.name()); } // warning: unknown name 'Missing'
        id none = nil;
        @try { id list = @[none]; } @catch (NSException *e) { self.p:(e.name()); } // expect: NSInvalidArgumentException
        Block empty = nil;
        @try { empty(); } @catch (NSException *e) { self.p:(e.name()); } // expect: MFRuntimeErrorNullPointer
    }
}
