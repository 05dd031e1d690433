/* SPDX-License-Identifier: MIT */
/* A library whose classes hook themselves: one from +load, one from +initialize. */
#import <Foundation/Foundation.h>

#include "loaded.h"

@interface HooksInLoad : NSObject
+ (long)fromLoad;
- (long)fromLoad;
@end

@implementation HooksInLoad
+ (void)load
{
    runtime_test_hook(self, 0);
}
+ (long)fromLoad
{
    return 1;
}
- (long)fromLoad
{
    return 1;
}
@end

@interface HooksInInitialize : HooksInLoad
+ (long)fromInitialize;
@end

@implementation HooksInInitialize
+ (void)initialize
{
    if (self == [HooksInInitialize class])
        runtime_test_hook(self, 1);
}
+ (long)fromInitialize
{
    return 1;
}
@end
