/* SPDX-License-Identifier: MIT */
/* The tariff, as it was shipped: with its bug. */
#import "Tariff.h"

@implementation Tariff

- (int)discountForQuantity:(int)quantity
{
    return quantity > 10 ? 10 : 0; /* the price list says "from ten pieces on" */
}

- (long)totalForQuantity:(int)quantity price:(long)cents
{
    long full = quantity * cents;

    return full - full * [self discountForQuantity:quantity] / 100;
}

@end
