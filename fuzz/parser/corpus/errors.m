@implementation A
- (void)m { [self x; if ( { a b c } }
- (int { }
@property int;
- (void)n { return 1 }
@end
@end
