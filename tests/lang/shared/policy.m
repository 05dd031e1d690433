// What a patch does with exceptions that leave its methods: here the call goes on below, from the second time on.
#pragma mend policy(next after 2)
@implementation LangTest
- (int)number { @throw [NSException exceptionWithName:@"Mine" reason:@"r" userInfo:nil]; }
- (void)main
{
    @try {
        [self number];
    } @catch (NSException *e) {
        [self p:[e name]];                           // expect: Mine
    }
    [self setNumber:5];
    [self i:[self number]];                          // expect: 5
    @try {
        [[self objectForKey:@"k"] self];
    } @catch (NSException *e) {
    }
}
- (id)objectForKey:(id)key { int zero = 0; return (id)(long)(1 / zero); }
@end
