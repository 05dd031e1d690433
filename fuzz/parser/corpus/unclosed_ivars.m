@interface A { int a;
@property int x;
@end
