/* SPDX-License-Identifier: MIT */
/* Compiled by clang in every build: gcc knows no blocks. */
#include "blocks_fixture.h"

#include <Block.h>

void
blocks_with_adder(int captured, blocks_use use)
{
    int (^adder)(int) = ^(int n) {
      return captured + n;
    };

    use((id)adder);
}

int
blocks_with_counter(blocks_use use)
{
    __block int sum = 0;
    int (^counter)(int) = ^(int n) {
      return sum += n;
    };

    use((id)counter);
    return sum;
}

void
blocks_with_nested(int captured, blocks_use use)
{
    int (^inner)(int) = ^(int n) {
      return captured * n;
    };
    int (^outer)(int) = ^(int n) {
      return inner(n) + 1;
    };

    use((id)outer);
}

void
blocks_with_object(id object, blocks_use use)
{
    id (^giver)(void) = ^{
      return object;
    };

    use((id)giver);
}

void
blocks_with_rect(blocks_use use)
{
    double w = 3;
    struct blocks_rect (^rect)(double) = ^(double d) {
      struct blocks_rect r = {d, 2 * d, w, 4};

      return r;
    };

    use((id)rect);
}

id
blocks_global(void)
{
    int (^twice)(int) = ^(int n) {
      return 2 * n;
    };

    return (id)twice;
}

int
blocks_call(id adder, int n)
{
    return ((int (^)(int))adder)(n);
}

id
blocks_call_object(id block)
{
    return ((id(^)(void))block)();
}

struct blocks_rect
blocks_call_rect(id block, double d)
{
    return ((struct blocks_rect(^)(double))block)(d);
}

id
blocks_library_copy(id block)
{
    return (id)Block_copy((void *)block);
}

void
blocks_library_release(id block)
{
    Block_release((void *)block);
}
