// ORG: the method as the program had it, own and inherited.
@implementation LangTest
- (int)addInt:(int)a to:(int)b
{
    return [self ORGaddInt:a to:b] * 10;
}
- (int)number
{
    return self.ORGnumber + 1;
}
+ (int)classNumber
{
    return [self ORGclassNumber] + 1;
}
- (SEL)commandOf
{
    [self p:NSStringFromSelector(_cmd)];
    return [self ORGcommandOf];
}
- (void)main
{
    [self i:[self addInt:2 to:3]];                      // expect: 50
    [self setNumber:5];
    [self i:self.number];                               // expect: 6
    [self i:[LangTest classNumber]];                    // expect: 12
    [self p:NSStringFromSelector([self commandOf])];    // expect: commandOf
    // expect: commandOf
    [self p:[[LangLeaf new] inherited]];                // expect: not inherited
    [self p:[[LangMiddle new] inherited]];              // expect: inherited
    [self i:[self ORGaddInt:1 to:1]];                   // expect: 2
}
@end
@implementation LangLeaf
- (NSString *)inherited
{
    return [@"not " stringByAppendingString:[self ORGinherited]];
}
@end
