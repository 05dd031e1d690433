@class A, B;
@protocol P, Q;
@protocol R <P>
@optional
- (void)o;
@required
+ (int)r:(id)x;
@end
