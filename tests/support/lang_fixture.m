// SPDX-License-Identifier: MIT
/* The classes of lang_fixture.h. */
#import "support/lang_fixture.h"

#include <stdarg.h>

NSMutableArray *lang_output;
int lang_alive;

@implementation LangTest
- (void)dealloc
{
    [_object release];
    [_name release];
    [super dealloc];
}

- (void)main
{
    [self p:@"native"];
}

- (void)p:(id)object
{
    [lang_output addObject:object ? [object description] : @"(null)"];
}

- (void)i:(long)number
{
    [lang_output addObject:[NSString stringWithFormat:@"%ld", number]];
}

- (void)u:(unsigned long)number
{
    [lang_output addObject:[NSString stringWithFormat:@"%lu", number]];
}

- (void)d:(double)number
{
    [lang_output addObject:[NSString stringWithFormat:@"%g", number]];
}

- (void)s:(const char *)text
{
    [lang_output addObject:text ? [NSString stringWithUTF8String:text] : @"(null)"];
}

- (int)number
{
    return _number;
}

- (void)setNumber:(int)number
{
    _number = number;
}

- (NSString *)name
{
    return _name;
}

- (void)setName:(NSString *)name
{
    if (name != _name) {
        [_name release];
        _name = [name copy];
    }
}

- (LangSpan)span
{
    return _span;
}

- (void)setSpan:(LangSpan)span
{
    _span = span;
}

- (int)addInt:(int)a to:(int)b
{
    return a + b;
}

- (double)half:(float)x
{
    return x / 2;
}

- (BOOL)isOdd:(int)n
{
    return n % 2 != 0;
}

- (signed char)asChar:(int)n
{
    return (signed char)n;
}

- (unsigned short)asShort:(int)n
{
    return (unsigned short)n;
}

- (LangPair)pairOf:(int)a and:(double)b
{
    return (LangPair){a, b};
}

- (LangBig)bigOf:(LangPair)pair span:(LangSpan)span tag:(char)tag
{
    return (LangBig){pair, span, tag};
}

- (long)lengthOf:(LangSpan)span
{
    return span.stop - span.start;
}

- (BOOL)fails:(BOOL)fail error:(NSError **)error
{
    if (fail && error)
        *error = [NSError errorWithDomain:@"Lang" code:42 userInfo:nil];
    return !fail;
}

- (void)countInto:(int *)count
{
    *count += 7;
}

- (int)sumOf:(int)count, ...
{
    va_list args;
    int sum = 0;

    va_start(args, count);
    while (count-- > 0)
        sum += va_arg(args, int);
    va_end(args);
    return sum;
}

- (void)explode
{
    [NSException raise:@"LangException" format:@"as asked"];
}

- (SEL)commandOf
{
    return _cmd;
}

+ (int)classNumber
{
    return 11;
}

+ (NSString *)describe:(int)n
{
    return [NSString stringWithFormat:@"<%d>", n];
}
@end

@implementation LangBase
- (NSString *)chain
{
    return @"base";
}

- (NSString *)inherited
{
    return @"inherited";
}

+ (NSString *)kind
{
    return @"base kind";
}
@end

@implementation LangMiddle
- (NSString *)chain
{
    return [[super chain] stringByAppendingString:@" middle"];
}
@end

@implementation LangLeaf
- (NSString *)chain
{
    return [[super chain] stringByAppendingString:@" leaf"];
}
@end

@implementation LangCounted
+ (int)alive
{
    return lang_alive;
}

+ (id)allocWithZone:(NSZone *)zone
{
    lang_alive++;
    return [super allocWithZone:zone];
}

+ (id)make
{
    return [[[self alloc] initWithValue:1] autorelease];
}

- (id)initWithValue:(int)value
{
    if ((self = [super init]))
        _value = value;
    return self;
}

- (id)initFailing
{
    [self release];
    return nil;
}

- (void)dealloc
{
    lang_alive--;
    [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone
{
    return [[LangCounted allocWithZone:zone] initWithValue:_value + 100];
}

- (int)value
{
    return _value;
}

- (id)other
{
    return [LangCounted make];
}

- (id)newOther
{
    return [[LangCounted alloc] initWithValue:2];
}
@end
