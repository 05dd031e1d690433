/* SPDX-License-Identifier: MIT */
/* A library with a class, and a category that replaces methods the program's test has hooked. */
#import "pointcut_loaded.h"

@implementation PointcutOpened
- (int)opened
{
    return 5;
}
+ (int)opened
{
    return 6;
}
@end

@implementation PointcutHost (Opened)
- (int)answer
{
    return 100;
}
+ (int)answer
{
    return 200;
}
/* Another signature than the one hooked. */
- (double)quiet
{
    return 0.5;
}
- (int)added
{
    return 7;
}
@end
