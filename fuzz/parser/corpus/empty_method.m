@implementation A
- (void)m { }
@end
