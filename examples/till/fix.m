/* SPDX-License-Identifier: MIT */
/* The price list says "from ten pieces on"; the till that was shipped says "more than ten". */
@implementation Tariff

- (int)discountForQuantity:(int)quantity
{
    if (quantity == 10)
        return 10;
    return [self ORGdiscountForQuantity:quantity];
}

@end
