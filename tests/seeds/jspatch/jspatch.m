/* SPDX-License-Identifier: MIT */
/* A program written for JSPatch: only the include path and a linker flag are ours. */
#import <mend/compat/JPEngine.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

@interface Shop : NSObject
- (int)price:(int)pieces;
- (NSString *)name;
@end
@implementation Shop
- (int)price:(int)pieces
{
    return 10 * pieces;
}
- (NSString *)name
{
    return @"shop";
}
@end

@interface ShopExtension : JPExtension
@end
static int extended;
@implementation ShopExtension
+ (void)main:(id)context
{
    extended++;
}
@end

#define MUST(what)                                                                                           \
    do {                                                                                                     \
        if (!(what)) {                                                                                       \
            printf("%d: " #what "\n", __LINE__);                                                             \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Shop *shop = [[Shop new] autorelease];
    NSMutableArray *errors = [NSMutableArray array];
    NSString *folder = [NSTemporaryDirectory()
        stringByAppendingPathComponent:[NSString stringWithFormat:@"mend-jspatch-%d", (int)getpid()]];

    [JPEngine handleException:^(NSString *message) {
        [errors addObject:message];
    }];
    [JPEngine startEngine];
    [JPEngine addExtensions:[NSArray arrayWithObjects:@"JPMemory", @"ShopExtension", @"NotThere", nil]];
    MUST(extended == 1);

    [JPEngine evaluateScript:@"defineClass('Shop', {price: function (n) { return 2 * self.ORIGprice(n); }});"];
    MUST([shop price:3] == 60 && [errors count] == 0);
    [JPEngine evaluateScript:@"defineClass('Shop', {name: function () { return 'new'; }}); nope.at.all();"];
    MUST([[shop name] isEqual:@"new"]); /* what was defined stays */
    MUST([errors count] == 1 && [[errors lastObject] hasPrefix:@"js exception, \nmsg: "]);
    [JPEngine evaluateScript:nil];
    MUST([[errors lastObject] isEqual:@"script is nil"]);
    [JPEngine evaluateScript:@"require('Shop').alloc().init().unheard()"];
    MUST([[errors lastObject] hasPrefix:@"unrecognized selector unheard for instance "]);

    [JPCleaner cleanClass:@"Shop"];
    MUST([shop price:3] == 30 && [[shop name] isEqual:@"shop"]);

    [[NSFileManager defaultManager] createDirectoryAtPath:folder withIntermediateDirectories:YES attributes:nil error:NULL];
    [@"include('other.js'); include('./other.js');" writeToFile:[folder stringByAppendingPathComponent:@"main.js"]
                                                     atomically:NO
                                                       encoding:NSUTF8StringEncoding
                                                          error:NULL];
    [@"include('main.js'); global.times = (global.times || 0) + 1;\n"
     @"defineClass('Shop', {price: function (n) { return 100 * times; }});"
        writeToFile:[folder stringByAppendingPathComponent:@"other.js"]
         atomically:NO
           encoding:NSUTF8StringEncoding
              error:NULL];
    [JPEngine evaluateScriptWithPath:[folder stringByAppendingPathComponent:@"main.js"]];
    MUST([shop price:1] == 100); /* once, under both spellings */
    [JPCleaner cleanAll];
    MUST([shop price:1] == 10);
    [JPEngine evaluateScriptWithPath:[folder stringByAppendingPathComponent:@"main.js"]];
    MUST([shop price:1] == 100); /* cleaning lets it be included anew, and takes its globals back */
    [JPCleaner cleanAll];
    [[NSFileManager defaultManager] removeFileAtPath:folder handler:nil];
    [pool release];
    return 0;
}
