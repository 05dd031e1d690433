#import <Foundation/Foundation.h>
#pragma mark - it's
#pragma mend dialect(mango)
x = @"a" + 1;
