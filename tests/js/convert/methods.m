// SPDX-License-Identifier: MIT
@interface JSPatched : JSShape <NSCopying>
@property (nonatomic, strong) NSArray *parts;
- (int)sum:(NSArray *)numbers;
@end

static int served;

static NSString *wrapped(NSString *text)
{
    return [NSString stringWithFormat:@"<%@>", text];
}

@implementation JSPatched
- (int)sum:(NSArray *)numbers
{
    int total = 0;
    for (NSNumber *n in numbers) {
        if ([n intValue] == 3)
            continue;
        total += [n intValue];
    }
    return total / 2;
}
- (id)copyWithZone:(void *)zone
{
    return nil;
}
@end

@implementation JSShape
// Formats, properties, C strings inside 'quotes' and "more".
- (NSString *)hello
{
    static int calls = 0;
    NSMutableString *out = [NSMutableString string];
    JSPatched *p = [[JSPatched alloc] init];

    calls++;
    served += 2;
    self.title = @"it's";
    [out appendFormat:@"%@ %d %.2f %x 100%%;", self.title, calls, 2.5, 255];
    p.parts = @[@"a", @2, @YES];
    [out appendFormat:@" %lu %d %@;", (unsigned long)p.parts.count, [p sum:@[@1, @3, @10]], p.parts[0]];
    NSDictionary *d = @{@"k": @"v", @"n": @(served)};
    [out appendString:wrapped(d[@"k"])];
    [out appendFormat:@"%d", [d[@"n"] intValue]];
    return out;
}
- (NSString *)greet:(NSString *)name
{
    NSString *old = [self ORIGgreet:name];
    if (name == nil)
        return @"nobody";
    if (![name isEqualToString:@"x"] && [name length] > 2)
        return [wrapped(old) uppercaseString];
    return old;
}
- (int)add:(int)a to:(int)b
{
    int result = 0;
    switch (a) {
    case 1:
        result = 7 / 2;
        break;
    case 2:
    case 3:
        result = (int)3.99 + b;
    default:
        result += 100;
    }
    for (int i = 0; i < 3; i++)
        result += i;
    do {
        result--;
    } while (result > 1000);
    while (b-- > 0)
        result ^= 1;
    return b > 5 ? result : -result;
}
- (NSRect)frame
{
    NSRect r = NSMakeRect(1, 2, 3, 4), s = r;
    s.size.width = 30;
    s.origin.x += r.size.height;
    return s;
}
- (NSString *)title
{
    @try {
        [self raise:@"inner"];
    } @catch (NSException *e) {
        return [@"caught " stringByAppendingString:e.reason];
    } @finally {
        served = 0;
    }
    return @"not reached";
}
- (id)give:(id)x
{
    NSError *error = nil;
    BOOL good = [self fill:&error];
    int (^twice)(int) = ^int(int n) { return 2 * n; };
    __block int seen = 0;

    [@[@1, @2, @3] enumerateObjectsUsingBlock:^void(id object, NSUInteger index, BOOL *stop) {
        seen += [object intValue] + [self add:0 to:0] * 0;
        if (index == 1)
            *stop = YES;
    }];
    @synchronized(self) {
        seen += twice(10);
    }
    return [NSString stringWithFormat:@"%d %@ %d %@ %@", good, error.domain, seen, NSStringFromSelector(_cmd),
                                      NSStringFromSelector(@selector(sd_name:))];
}
- (NSString *)_private
{
    return [[self sd_name:@"q"] stringByAppendingFormat:@"%@", [NSArray arrayWithObjects:@"1", @"2", nil][1]];
}
- (double)half:(double)x
{
    return x / 2 + (x > 3 ? 0.25 : 0);
}
+ (NSString *)species
{
    return @"patched";
}
@end

@implementation JSSquare
- (NSString *)hello
{
    return [NSString stringWithFormat:@"square over %@", [super greet:@"x"]];
}
@end
