/* SPDX-License-Identifier: MIT */
/* Classes for scripts to patch: one for each kind of thing that crosses the border. */
#ifndef JS_FIXTURE_H
#define JS_FIXTURE_H

#include <Foundation/Foundation.h>

struct JSMixed {
    char c;
    double d;
    int i;
};
typedef struct JSMixed JSMixed;

@interface JSShape : NSObject {
@public
    NSRect frame;
    BOOL hidden;
    NSString *title;
}
- (NSRect)frame;
- (void)setFrame:(NSRect)value;
- (BOOL)isHidden;
- (void)setHidden:(BOOL)value;
- (NSString *)title;
- (void)setTitle:(NSString *)value;
- (int)add:(int)a to:(int)b;
- (double)half:(double)x;
- (long long)big;
- (unsigned char)small:(signed char)x;
- (float)third:(float)x;
- (id)give:(id)x;
- (id)nothing;
- (SEL)action;
- (NSString *)nameOf:(SEL)sel;
- (Class)kind;
- (NSString *)nameOfClass:(Class)c;
- (JSMixed)mixed:(JSMixed)m;
- (NSRange)rangeFrom:(NSUInteger)a;
- (BOOL)fill:(NSError **)error;
- (const char *)cString;
- (int)lengthOf:(const char *)text;
- (NSString *)_private;
- (NSString *)sd_name:(NSString *)x;
- (NSString *)join:(NSString *)first, ...;
- (void)raise:(NSString *)reason;
- (id)callTwice:(id)target;
- (NSString *)hello;
- (NSString *)greet:(NSString *)name;
+ (NSString *)species;
+ (int)made;
- (void)fillScalar:(BOOL *)stop;
@end

@interface JSSquare : JSShape
@end

@interface JSForwarder : NSProxy {
    id target;
}
+ (id)forwarderTo:(id)target;
@end

@interface JSCaller : NSObject
+ (NSString *)hello:(JSShape *)shape;
+ (int)add:(JSShape *)shape;
+ (NSString *)species;
+ (double)widthOf:(JSShape *)shape;
+ (id)perform:(NSString *)selector on:(id)target;
+ (id)perform:(NSString *)selector on:(id)target with:(id)argument;
+ (void)perform:(NSString *)selector on:(id)target with:(id)argument with:(id)other;
+ (int)originalAdd:(JSShape *)shape;
+ (NSString *)typesOf:(NSString *)selector in:(NSString *)name;
+ (void)onThread:(id)target perform:(NSString *)selector;
+ (int)deallocs;
+ (id)make:(NSString *)name;
+ (NSString *)tryHello:(JSShape *)shape;
+ (BOOL)make:(NSString *)name andCheck:(NSString *)selector;
@end

/* Observes a key and keeps the last new value. */
@interface JSWatcher : NSObject {
    id seen;
    int count;
}
- (void)watch:(id)object key:(NSString *)key;
- (void)unwatch:(id)object key:(NSString *)key;
- (id)seen;
- (int)count;
@end

@protocol JSDelegate
- (int)count:(int)a of:(double)b;
- (NSRect)place:(NSRange)range;
@end
#endif
