// Key-value observing of properties a patch adds, and of a class it brings along.
@interface LangTest ()
@property (nonatomic, strong) NSString *added;
@end
@interface KvoItem : NSObject
@property (nonatomic) int size;
@end
@implementation KvoItem
@end
@implementation LangTest
- (void)observeValueForKeyPath:(NSString *)path ofObject:(id)object change:(NSDictionary *)change context:(void *)context
{
    [self p:[NSString stringWithFormat:@"%@=%@", path, [object valueForKey:path]]];
}
- (void)main
{
    KvoItem *item = [[KvoItem alloc] init];
    [item addObserver:self forKeyPath:@"size" options:0 context:NULL];
    item.size = 4;                                   // expect: size=4
    item.size++;                                     // expect: size=5
    [self i:item->_size];                            // expect: 5
    [item removeObserver:self forKeyPath:@"size"];
    item.size = 9;
    [self addObserver:self forKeyPath:@"added" options:0 context:NULL];
    self.added = @"x";                               // expect: added=x
    [self p:_added];                                 // expect: x
    [self removeObserver:self forKeyPath:@"added"];
}
@end
