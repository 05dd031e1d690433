// GCC's cast to a union: the value becomes the member of its type. An id has the class pointer of <objc/objc.h>.
typedef union { id obj; long n; double d; struct { int a, b; } pair; } Any;
typedef union { id obj; long n; } Plain; // one with a floating member cannot be passed by way of libffi
@implementation LangTest
- (long)n:(Plain)any
{
    return any.n;
}
- (void)main
{
    id text = @"kept";
    Any any = (Any)text;

    [self p:any.obj]; // expect: kept
    any = (Any)7L;
    [self i:(int)any.n]; // expect: 7
    [self i:(int)[self n:(Plain)41L] + 1]; // expect: 42
    [self i:((Any)2.5).d == 2.5]; // expect: 1
    any = (Any)@"a string";
    [self i:[any.obj length] == 8]; // expect: 1
    [self i:text->class_pointer == [text class]]; // expect: 1
}
@end
