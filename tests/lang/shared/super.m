// super, at each level once; class methods too.
@implementation LangMiddle
- (NSString *)chain
{
    return [[super chain] stringByAppendingString:@" MIDDLE"];
}
+ (NSString *)kind
{
    return [[super kind] stringByAppendingString:@" of middle"];
}
@end
@implementation LangLeaf
- (NSString *)chain
{
    return [super.chain stringByAppendingString:@" LEAF"];
}
- (NSString *)description
{
    return [NSString stringWithFormat:@"leaf %d", [super description] != nil];
}
@end
@implementation LangTest
- (void)main
{
    LangLeaf *leaf = [LangLeaf new];

    [self p:[leaf chain]];          // expect: base MIDDLE LEAF
    [self p:[[LangMiddle new] chain]]; // expect: base MIDDLE
    [self p:[LangLeaf kind]];       // expect: base kind of middle
    [self p:leaf];                  // expect: leaf 1
}
@end
