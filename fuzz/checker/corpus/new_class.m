// A class the patch creates: ivars, properties, super, class methods.
@interface LangMadeBase : NSObject {
    int _count;
    id _held;
}
@property (nonatomic, copy) NSString *title;
@property (nonatomic) double weight;
@property (readonly) int count;
@property (nonatomic, assign) BOOL done;
@property (nonatomic, strong) LangCounted *child;
+ (id)madeWith:(int)n;
- (id)initWithCount:(int)n;
@end
@interface LangMadeLeaf : LangMadeBase
@property (nonatomic) NSRange range;
@end
@implementation LangMadeLeaf
- (NSString *)describe
{
    return [@"leaf of " stringByAppendingString:[super describe]];
}
@end
@implementation LangMadeBase
+ (id)madeWith:(int)n
{
    return [[self alloc] initWithCount:n];
}
- (id)initWithCount:(int)n
{
    if ((self = [super init])) {
        _count = n;
        _held = [[LangCounted alloc] initWithValue:n];
        self.title = @"untitled";
    }
    return self;
}
- (NSString *)describe
{
    return [NSString stringWithFormat:@"%@ %d", _title, _count];
}
- (int)heldValue
{
    return [_held value];
}
@end
@implementation LangTest
- (void)main
{
    LangMadeBase *a = [LangMadeBase madeWith:3];
    LangMadeLeaf *b = [LangMadeLeaf madeWith:4];

    [self p:[a describe]];          // expect: untitled 3
    a.title = @"named";
    a.weight += 2.5;
    a.done = YES;
    a.child = [LangCounted make];
    [self p:a.title];               // expect: named
    [self d:a.weight];              // expect: 2.5
    [self i:a.done];                // expect: 1
    [self i:a.child.value];         // expect: 1
    [self i:a.count + b.count];     // expect: 7
    b.range = NSMakeRange(1, 2);
    [self i:b.range.length];        // expect: 2
    [self p:[b describe]];          // expect: leaf of untitled 4
    [self i:[b heldValue]];         // expect: 4
    [self i:[b isKindOfClass:[LangMadeBase class]]]; // expect: 1
    [self p:[a valueForKey:@"title"]]; // expect: named
    [self p:[b superclass]];        // expect: LangMadeBase
}
@end
