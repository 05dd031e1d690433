/* SPDX-License-Identifier: MIT */
/* Classes the language tests patch and use: compiled by gcc, so that patches meet real methods. */
#import <Foundation/Foundation.h>

typedef struct LangPair {
    int a;
    double b;
} LangPair;

typedef struct LangSpan {
    long start, stop;
} LangSpan;

typedef struct LangBig {
    LangPair first;
    LangSpan second;
    char tag;
} LangBig;

/* What test programs print goes here, a string each. */
extern NSMutableArray *lang_output;

/* Objects of LangCounted alive. */
extern int lang_alive;

/* A test program replaces -main; -i: and its like print. */
@interface LangTest : NSObject {
@public
    int _number;
    short _small;
    unsigned char _flag;
    double _real;
    float _single;
    id _object;
    NSString *_name;
    LangSpan _span;
    long plain;
}
- (void)main;
- (void)p:(id)object;
- (void)i:(long)number;
- (void)u:(unsigned long)number;
- (void)d:(double)number;
- (void)s:(const char *)text;

- (int)number;
- (void)setNumber:(int)number;
- (NSString *)name;
- (void)setName:(NSString *)name;
- (LangSpan)span;
- (void)setSpan:(LangSpan)span;

- (int)addInt:(int)a to:(int)b;
- (double)half:(float)x;
- (BOOL)isOdd:(int)n;
- (signed char)asChar:(int)n;
- (unsigned short)asShort:(int)n;
- (LangPair)pairOf:(int)a and:(double)b;
- (LangBig)bigOf:(LangPair)pair span:(LangSpan)span tag:(char)tag;
- (long)lengthOf:(LangSpan)span;
- (BOOL)fails:(BOOL)fail error:(NSError **)error;
- (void)countInto:(int *)count;
- (int)sumOf:(int)count, ...;
- (void)explode;
- (SEL)commandOf;
+ (int)classNumber;
+ (NSString *)describe:(int)n;
@end

/* Three generations that call super once each. */
@interface LangBase : NSObject
- (NSString *)chain;
- (NSString *)inherited;
+ (NSString *)kind;
@end
@interface LangMiddle : LangBase
@end
@interface LangLeaf : LangMiddle
@end

/* Counts itself; -copy and +make follow the families. */
@interface LangCounted : NSObject <NSCopying> {
    int _value;
}
+ (id)make;
+ (int)alive;
- (id)initWithValue:(int)value;
- (id)initFailing;
- (int)value;
- (id)other;
- (id)newOther;
@end
