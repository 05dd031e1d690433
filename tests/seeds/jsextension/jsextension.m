/* SPDX-License-Identifier: MIT */
/* An application's own extension, and its use of JSContext and JSValue: only the include path is ours. */
#import <mend/compat/JPEngine.h>

#include "seeds/seeds.h"

#define EVAL(text) [[JPEngine context] evaluateScript:@text]

@interface Till : NSObject
@end
@implementation Till
- (NSString *)name
{
    return @"till";
}
- (NSNumber *)plain
{
    return [NSNumber numberWithInt:7];
}
@end

typedef struct Stock {
    char kind;
    double amount;
} Stock;

static NSString *seen;

@interface TillMacros : JPExtension
@end
@implementation TillMacros
+ (void)main:(JSContext *)context
{
    [context setObject:^double(double x) { return 2 * x; } forKeyedSubscript:@"twice"];
    [context setObject:[NSNumber numberWithInt:42] forKeyedSubscript:@"ANSWER"];
    [context setObject:^id(JSValue *value) {
        seen = [[value toString] copy];
        return [self formatOCToJS:[[Till new] autorelease]];
    } forKeyedSubscript:@"till"];
    [context setObject:^id(NSString *first, NSString *second) { return [first stringByAppendingString:second]; }
        forKeyedSubscript:@"join"];
    [context setObject:^id(JSValue *value) { return [self formatJSToOC:value]; } forKeyedSubscript:@"through"];
    [context setObject:^id(void) { return [NSDictionary dictionaryWithObject:@"v" forKey:@"k"]; }
        forKeyedSubscript:@"table"];
    [context setObject:^id(void) {
        return [NSNumber numberWithUnsignedInteger:[[JSContext currentArguments] count]];
    } forKeyedSubscript:@"counted"];
    [context setObject:^(void) {
        [[JSContext currentContext] setException:[JSValue valueWithNewErrorFromMessage:@"refused" inContext:context]];
    } forKeyedSubscript:@"refuse"];
}
@end

static void
extensions_get_the_context_and_add_functions(void)
{
    [JPEngine addExtensions:[NSArray arrayWithObjects:@"JPMemory", @"TillMacros", @"JPLocker", @"Unheard", nil]];
    CHECK([[JPEngine context] isKindOfClass:[JSContext class]]);
    CHECK([JPEngine context] == [[[JSContext alloc] init] autorelease]);
    CHECK([EVAL("twice(21) + ANSWER") toDouble] == 84);
    CHECK_TEXT([[EVAL("till('x').name().toJS()") toString] UTF8String], "till"); /* methods on what formatOCToJS gave */
    CHECK_TEXT([seen UTF8String], "x");
    CHECK_TEXT([[EVAL("join('a', 'b')") toString] UTF8String], "ab");
    CHECK_TEXT([[EVAL("join(require('NSString').stringWithString('a'), 'b')") toString] UTF8String], "ab");
    CHECK_TEXT([[EVAL("table().k") toString] UTF8String], "v"); /* collections are JavaScript's own */
    CHECK([EVAL("through(false)") isUndefined] && [EVAL("through(null)") isUndefined]);
    CHECK([EVAL("through([1, 'a'])") isArray]);
    CHECK([EVAL("counted(1, 2, 3)") toInt32] == 3 && [JSContext currentArguments] == nil);
    CHECK_TEXT([[EVAL("try { refuse(); 'no' } catch (e) { e.message }") toString] UTF8String], "refused");
}

static void
values_convert_both_ways(void)
{
    JSContext *context = [JPEngine context];
    JSValue *object = EVAL("({a: 1, b: [true, null, 'x'], f: function (x) { return this.a + x; }})");

    CHECK([[object valueForProperty:@"a"] toInt32] == 1 && [[object objectForKeyedSubscript:@"a"] isNumber]);
    CHECK([[[object objectForKeyedSubscript:@"b"] objectAtIndexedSubscript:2] isEqual:@"x"]);
    CHECK([[[[object objectForKeyedSubscript:@"b"] toArray] objectAtIndex:1] isEqual:[NSNull null]]);
    CHECK([[object invokeMethod:@"f" withArguments:[NSArray arrayWithObject:[NSNumber numberWithInt:4]]] toInt32] == 5);
    [object setObject:@"set" forKeyedSubscript:@"c"];
    CHECK([object hasProperty:@"c"] && [object deleteProperty:@"c"] && ![object hasProperty:@"c"]);
    CHECK([EVAL("undefined") toObject] == nil && [EVAL("undefined") isUndefined]);
    CHECK([EVAL("null") toObject] == [NSNull null] && [EVAL("null") isNull]);
    CHECK([[EVAL("false") toObject] isEqual:[NSNumber numberWithBool:NO]] && [EVAL("false") isBoolean]);
    CHECK([EVAL("4294967295") toInt32] == -1 && [EVAL("-1") toUInt32] == 4294967295u && [EVAL("NaN") toInt32] == 0);
    CHECK([EVAL("'12'") toDouble] == 12 && [[EVAL("3.5") toNumber] doubleValue] == 3.5);
    CHECK([EVAL("new Date(5000)") isDate] && [[EVAL("new Date(5000)") toDate] timeIntervalSince1970] == 5);
    CHECK([EVAL("5") toDate] == nil && [EVAL("5") toArray] == nil);
    CHECK([[[EVAL("({a: {b: 2}})") toDictionary] objectForKey:@"a"] isKindOfClass:[NSDictionary class]]);
    CHECK([EVAL("'a'") isEqualToObject:@"a"] && ![EVAL("'1'") isEqualToObject:[NSNumber numberWithInt:1]]);
    CHECK([EVAL("'1'") isEqualWithTypeCoercionToObject:[NSNumber numberWithInt:1]]);
    CHECK([EVAL("[]") isInstanceOf:EVAL("Array")] && ![EVAL("[]") isInstanceOf:EVAL("Date")]);
    CHECK([[EVAL("Date") constructWithArguments:[NSArray arrayWithObject:[NSNumber numberWithInt:7]]] isDate]);
    CHECK([EVAL("({x: 1, y: 2, width: 3, height: 4})") toRect].size.height == 4);
    [context setObject:[JSValue valueWithRect:NSMakeRect(1, 2, 3, 4) inContext:context] forKeyedSubscript:@"aRect"];
    CHECK([EVAL("aRect.width") toInt32] == 3);
    [context setObject:[[Till new] autorelease] forKeyedSubscript:@"aTill"];
    CHECK([EVAL("aTill.plain()") toInt32] == 7 && [[EVAL("aTill") toObject] isKindOfClass:[Till class]]);
    CHECK([[[context globalObject] valueForProperty:@"ANSWER"] toInt32] == 42);
}

static void
what_scripts_throw_goes_to_the_context(void)
{
    JSContext *context = [JPEngine context];
    static NSString *told;

    CHECK(EVAL("throw new Error('first')") == nil);
    CHECK_TEXT([[[context exception] toString] UTF8String], "Error: first");
    [context setException:nil];
    CHECK([context exception] == nil);
    [context setExceptionHandler:^(JSContext *where, JSValue *exception) {
        told = [[[exception valueForProperty:@"message"] toString] copy];
    }];
    CHECK([EVAL("(function () { throw new Error('second'); })") callWithArguments:nil] == nil);
    CHECK_TEXT([told UTF8String], "second");
    CHECK([EVAL("5") callWithArguments:nil] == nil);
    CHECK_TEXT([told UTF8String], "the value is not a function");
    [context setExceptionHandler:nil];
}

static void
values_outlive_the_script_and_its_collections(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    JSValue *function = [EVAL("(function () { var n = 0; return function () { return ++n; }; })()") retain];
    int last = 0;

    [pool release];
    for (int i = 0; i < 20000; i++) {
        pool = [NSAutoreleasePool new];
        EVAL("({a: [1, 2, 3]})");
        last = [[function callWithArguments:nil] toInt32];
        [pool release];
    }
    CHECK_LONG(last, 20000);
    [function release];
}

static void
structs_and_tables_are_there_for_extensions(void)
{
    NSDictionary *definition =
        [NSDictionary dictionaryWithObjectsAndKeys:@"Stock", @"name", @"cd", @"types",
                                                   [NSArray arrayWithObjects:@"kind", @"amount", nil], @"keys", nil];
    Stock stock = {3, 2.5};
    NSDictionary *read;

    [JPEngine defineStruct:definition];
    CHECK([[JPExtension registeredStruct] objectForKey:@"Stock"] == definition);
    CHECK_LONG([JPExtension sizeOfStructTypes:@"cd"], sizeof(Stock));
    read = [JPExtension getDictOfStruct:&stock structDefine:definition];
    CHECK([[read objectForKey:@"amount"] doubleValue] == 2.5 && [[read objectForKey:@"kind"] intValue] == 3);
    [JPExtension getStructDataWidthDict:&stock
                                   dict:[NSDictionary dictionaryWithObjectsAndKeys:[NSNumber numberWithInt:4], @"kind",
                                                                                   [NSNumber numberWithDouble:9], @"amount", nil]
                           structDefine:definition];
    CHECK(stock.kind == 4 && stock.amount == 9);
    CHECK([JPExtension formatPointerJSToOC:[JPExtension formatPointerOCToJS:&stock]] == &stock);
    [JPEngine evaluateScript:@"defineClass('Till', {name: function () { return 'new'; }})"];
    CHECK([[[JPExtension overideMethods] objectForKey:@"Till"] isEqual:[NSArray arrayWithObject:@"name"]]);
    [JPCleaner cleanAll];
    CHECK([[JPExtension overideMethods] count] == 0);
    CHECK([[JPExtension includedScriptPaths] count] == 0);
    CHECK([JPLocker class] != Nil && [[JPSpecialInit calendarWithCalendarIdentifier:@"gregorian"] isKindOfClass:[NSCalendar class]]);
}

static void
the_c_binders_come_with_their_extension(void)
{
    CHECK([EVAL("typeof CGRectInset") isEqual:@"undefined"]);
    [JPEngine addExtensions:[NSArray arrayWithObjects:@"JPCoreGraphics", @"JPUIKit", nil]];
    CHECK([EVAL("CGRectGetMaxX(CGRectInset({x: 0, y: 0, width: 10, height: 8}, 1, 2))") toInt32] == 9);
    CHECK([EVAL("UIEdgeInsetsMake(1, 2, 3, 4).bottom") toInt32] == 3);
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(extensions_get_the_context_and_add_functions), TEST(values_convert_both_ways),
        TEST(what_scripts_throw_goes_to_the_context),       TEST(values_outlive_the_script_and_its_collections),
        TEST(structs_and_tables_are_there_for_extensions),  TEST(the_c_binders_come_with_their_extension),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);

    [pool release];
    return failed;
}
