/* SPDX-License-Identifier: MIT */
/*
 * Under the leak checker only: before main, initialises the Foundation classes that tests use, with the
 * checker looking away. What their +initialize allocates for the life of the process is not told apart from
 * an object a test lost, and a suppression by NSAllocateObject would hide the lost ones.
 */
#include <objc/objc.h>
#include <objc/message.h>
#include <objc/runtime.h>

#include <stddef.h>

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

__attribute__((constructor)) static void
initialise_foundation(void)
{
    static const char *const names[] = {
        "NSAutoreleasePool",
        "NSString",
        "NSMutableString",
        "NSArray",
        "NSMutableArray",
        "NSDictionary",
        "NSMutableDictionary",
        "NSSet",
        "NSNumber",
        "NSDecimalNumber",
        "NSValue",
        "NSData",
        "NSMutableData",
        "NSDate",
        "NSNull",
        "NSException",
        "NSCharacterSet",
        "NSProcessInfo",
        "NSThread",
        "NSRunLoop",
        "NSNotificationCenter",
        "NSInvocation",
        "NSMethodSignature",
        "NSTimer",
    };

    if (__lsan_disable == NULL)
        return;
    __lsan_disable();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        id cls = (id)objc_getClass(names[i]);
        SEL class_message = sel_registerName("class");

        if (cls != nil)
            ((id(*)(id, SEL))objc_msg_lookup(cls, class_message))(cls, class_message);
    }
    __lsan_enable();
}
