@interface A<T> : B <P, Q> { @public int _a; id _b; }
@property (nonatomic, copy, getter=isOn, setter=setOn:) NSString *x, *y;
- (void)f;
@end
