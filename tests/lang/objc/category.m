// A category, a repeated @interface and generics: the same class, the same patch.
@interface LangTest (Extra)
- (int)extra;
@end
@implementation LangTest (Extra)
- (int)extra
{
    NSArray<NSString *> *list = @[@"a", @"bc"];
    NSDictionary<NSString *, NSNumber *> *d = @{@"k": @4};

    return list[1].length + d[@"k"].intValue;
}
@end
@interface NSString (Patch)
- (NSString *)shout;
@end
@implementation NSString (Patch)
- (NSString *)shout
{
    return [[self uppercaseString] stringByAppendingString:@"!"];
}
@end
@implementation LangTest
- (void)main
{
    [self i:[self extra]];     // expect: 6
    [self p:[@"hey" shout]];   // expect: HEY!
    [self p:@"low".shout];     // expect: LOW!
}
@end
