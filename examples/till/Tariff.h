/* SPDX-License-Identifier: MIT */
/* What things cost. Amounts are in cents. */
#import <Foundation/Foundation.h>

@interface Tariff : NSObject
/* Per cent off, by the number of pieces: ten from ten pieces on. */
- (int)discountForQuantity:(int)quantity;
- (long)totalForQuantity:(int)quantity price:(long)cents;
@end
