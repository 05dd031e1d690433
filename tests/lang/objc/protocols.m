// Declarations a patch may carry along.
@class Unknown, LangOther;
@protocol Speaker <NSObject>
- (NSString *)speak:(int)times;
@optional
@property (readonly) int volume;
@end
@interface LangSpeaker : NSObject <NSCopying>
- (NSString *)speak:(int)times;
@end
@implementation LangSpeaker
- (NSString *)speak:(int)times
{
    NSString *s = @"";

    while (times-- > 0)
        s = [s stringByAppendingString:@"hi"];
    return s;
}
- (id)copyWithZone:(NSZone *)zone
{
    return [LangSpeaker new];
}
@end
@implementation LangTest
- (void)main
{
    id<Speaker> s = [LangSpeaker new];

    [self p:[s speak:2]];                                       // expect: hihi
    [self i:[[LangSpeaker new] respondsToSelector:@selector(copyWithZone:)]]; // expect: 1
    [self p:[[s copy] class]];                                  // expect: LangSpeaker
}
@end
