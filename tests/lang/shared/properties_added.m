// Properties and instance variables added to classes that exist; weak, copied, of a class, of several words.
typedef struct LangSpan { long start, stop; } LangSpan;
@interface LangTest ()
@property (nonatomic, copy) NSString *nick;
@property (nonatomic, weak) LangCounted *watched;
@property (nonatomic) int extra;
@property LangSpan range;
@property (class, nonatomic, strong) NSString *motto;
@property (nonatomic, strong) NSString *k;
@property (nonatomic, readonly, getter=isReady) BOOL ready;
@property (nonatomic, copy) int (^maker)(int);
@end
@interface LangNote : NSObject {
    __weak id _back;
    int _own;
}
@property (nonatomic, weak) id target;
@property (nonatomic, copy) NSMutableString *text;
@property (class) int count;
@end
@implementation LangNote
- (void)setBack:(id)back { _back = back; _own = 3; }
- (id)back { return _back; }
@end
@implementation LangTest {
    NSMutableArray *_added;
    short _tiny;
    __weak LangCounted *_weakOne;
}
- (void)main
{
    NSMutableString *m = [NSMutableString stringWithString:@"a"];
    LangTest *other = [[LangTest alloc] init];
    LangNote *note = [[LangNote alloc] init];

    self.nick = m;
    [m appendString:@"b"];
    [self p:self.nick];                              // expect: a
    [self p:_nick];                                  // expect: a
    [self i:other.nick == nil];                      // expect: 1
    self.extra += 5;
    other.extra = 7;
    [self i:self.extra * 10 + other.extra];          // expect: 57
    [self p:[self valueForKey:@"extra"]];            // expect: 5
    [self setValue:@9 forKey:@"extra"];
    [self i:_extra];                                 // expect: 9
    self.range = (LangSpan){3, 4};
    [self i:self.range.stop];                        // expect: 4
    LangTest.motto = @"hi";
    [self p:LangTest.motto];                         // expect: hi
    self.k = @"kay";
    [self p:[self valueForKey:@"k"]];                // expect: kay
    _ready = YES;
    [self i:self.isReady];                           // expect: 1
    self.maker = ^(int n) { return n * 3; };
    [self i:self.maker(5)];                          // expect: 15
    self.maker = nil;
    _added = [NSMutableArray array];
    [_added addObject:@1];
    [self i:_added.count];                           // expect: 1
    _tiny = 70000;
    [self i:_tiny];                                  // expect: 4464
    @autoreleasepool {
        LangCounted *c = [[LangCounted alloc] initWithValue:8];
        self.watched = c;
        _weakOne = c;
        note.target = c;
        [note setBack:c];
        [self i:[self.watched value] + [_weakOne value] + [note.target value] + [note.back value]]; // expect: 32
    }
    [self i:self.watched == nil && _weakOne == nil && note.target == nil && note.back == nil]; // expect: 1
    note.text = m;
    [self p:note.text];                              // expect: ab
    LangNote.count++;
    [self i:LangNote.count];                         // expect: 1
    other.nick = [NSString stringWithFormat:@"%d", 5];
    other = nil;
}
@end
