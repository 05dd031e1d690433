/* SPDX-License-Identifier: MIT */
/* GNUstep's headers ask for this file where the compiler has blocks; libobjc does not bring it,
 * libBlocksRuntime does. */
#include <Block.h>
