/* SPDX-License-Identifier: MIT */
/* A bundle for -[NSBundle load], which takes the runtime's callback away while it loads. */
#import "pointcut_loaded.h"

@implementation PointcutBundled
- (int)bundled
{
    return 8;
}
@end

@implementation PointcutHost (Bundled)
- (int)other
{
    return 300;
}
@end
