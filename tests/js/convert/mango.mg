// SPDX-License-Identifier: MIT
class JSShape : NSObject {
    - (NSString *)greet:(NSString *)name {
        if (name == nil) { return @"none"; }
        NSString *all = @"";
        for (int i = 0; i < 3; i++) {
            all = all.stringByAppendingString:(name);
        }
        return all;
    }
    - (int)add:(int)a to:(int)b {
        int total = a;
        for (NSNumber *n in @[@(1), @(2)]) { total += n.intValue(); }
        return total / b;
    }
}
