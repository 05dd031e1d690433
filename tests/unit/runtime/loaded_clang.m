/* SPDX-License-Identifier: MIT */
/* Compiled by clang -fobjc-runtime=gcc, whose metaclasses stay marked "in construction". */
#import <Foundation/Foundation.h>

@interface FromClang : NSObject {
    double weight;
}
+ (long)number;
- (long)number;
@end

@implementation FromClang
+ (long)number
{
    return 1;
}
- (long)number
{
    return 2;
}
@end

@interface FromClangBelow : FromClang
@end

@implementation FromClangBelow
@end
