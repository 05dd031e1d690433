// @throw takes an object.
@implementation LangTest
- (void)main
{
    @throw [NSException exceptionWithName:@"Thrown" reason:@"by a patch" userInfo:nil]; // raises: Thrown
}
@end
