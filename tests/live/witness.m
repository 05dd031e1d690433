/* SPDX-License-Identifier: MIT */
/* Says on stdout each time one of its class methods runs: nobody may have sent it a message before main. */
#import <Foundation/Foundation.h>
#include <stdio.h>

@interface Tariff : NSObject
- (int)discountForQuantity:(int)quantity;
@end

@implementation Tariff

+ (void)load
{
    dprintf(1, "load\n"); /* unbuffered: main may never run */
}

+ (void)initialize
{
    dprintf(1, "initialize\n");
}

+ (BOOL)resolveInstanceMethod:(SEL)selector
{
    dprintf(1, "resolve\n");
    return NO;
}

- (int)discountForQuantity:(int)quantity
{
    return 0;
}

@end

int
main(void)
{
    dprintf(1, "main\n");
    printf("%d\n", [[Tariff new] discountForQuantity:10]);
    return 0;
}
