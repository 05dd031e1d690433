@implementation A (B)
+ (id)make:(int)a with:(id)b { return [[self alloc] init]; }
@end
