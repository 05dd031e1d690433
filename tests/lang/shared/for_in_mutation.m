// Changing a collection while it is enumerated raises.
@implementation LangTest
- (void)main
{
    NSMutableArray *list = [NSMutableArray arrayWithObjects:@"a", @"b", @"c", nil];

    for (id x in list) { // raises: NSGenericException
        [self p:x];      // expect: a
        [list addObject:@"d"];
    }
}
@end
