#!/bin/bash
# SPDX-License-Identifier: MIT
# mend build, mend disasm: a patch with its real headers becomes a unit, which every verb takes like a source.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

the "a patch that imports the system's headers is built"
cat >fix.m <<'EOF'
#import <Foundation/Foundation.h>
#include <stdio.h>
#include <math.h>
#include <string.h>
#include <stdlib.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <time.h>
#import "own.h"
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
@implementation NSObject (Built)
- (double)built:(NSArray *)a
{
    char text[64];
    struct tm when = {0};
    div_t d = div(7, 2);

    pthread_mutex_lock(&lock);
    snprintf(text, sizeof text, "%d %.1f", (int)a.count, fabs(floor(-1.5)));
    pthread_mutex_unlock(&lock);
    errno = 0;
    if (strcmp(text, "1 2.0") != 0 || errno == EINTR || strtol("12", NULL, 10) != 12)
        return HUGE_VAL;
    NSAssert(a != nil, @"no array in %@", self);
    return OWN(d.quot) + when.tm_year + NSMaxRange(NSMakeRange(1, 2)) + (INT_MAX > 0) + M_PI;
}
@end
EOF
echo '#define OWN(x) ((x) * 2)' >own.h
runs 0 "$MEND" build fix.m
says '^fix\.m  built  fix\.mendu  [0-9]+ bytes$'
no_warning
[ "$(head -c 5 fix.mendu | tail -c 4)" = MEND ] || wrong "no unit was written"

the "its source and headers are needed no longer"
cp fix.mendu other.mendu
rm fix.m own.h
runs 0 "$MEND" check other.mendu --against "$LIVE/witness"
says 'checks  other\.mendu  1 method'
runs 0 "$MEND" disasm other.mendu
says '^-\[NSObject built:\] '
says 'LDSYM s[0-9]+, &"snprintf"'

the "a unit changes a program like a source"
runs 0 "$MEND" build "$SOURCE/examples/lsar/fix.m" -o lsar.mendu --against lsar
runs 0 "$MEND" run --patch lsar.mendu -q -- lsar --version
runs 0 "$MEND" build "$FIX" -o till.mendu --against "$TILL" --json
says '"unit":"till\.mendu","bytes":[0-9]+,"ok":true'
runs 0 "$MEND" check till.mendu --against "$TILL"

the "flags behind -- are the compiler's"
mkdir include
echo '#define FROM_THERE 5' >include/there.h
printf '#include <there.h>\n@implementation NSObject (X)\n- (int)x { return FROM_THERE + GIVEN; }\n@end\n' >flags.m
runs 5 "$MEND" build flags.m
warns 'there\.h'
[ ! -e flags.mendu ] || wrong "a unit was written"
runs 0 "$MEND" build flags.m -- -I include -D GIVEN=1
runs 0 "$MEND" disasm flags.m -- -I include -D GIVEN=1
says 'RET'

the "types that headers declare are held against the patch"
printf '#include <string.h>\n@implementation NSObject (X)\n- (int)x { return strlen(1, 2); }\n@end\n' >wrong.m
runs 5 "$MEND" build wrong.m
warns '^wrong\.m:3:[0-9]+: error: .*strlen'
runs 5 "$MEND" build wrong.m --json
says '^\{"v":1,"t":"build","error":.*"ok":false,"exit":5\}$'

the "all errors are found in one run"
printf '@implementation NSObject (X)\n- (int)x { return nothing; }\n- (int)y { return neither; }\n@end\n' >two.m
runs 5 "$MEND" build two.m
warns ':2:[0-9]+: error: .*nothing'
warns ':3:[0-9]+: error: .*neither'

the "a unit that is damaged is refused"
head -c 200 lsar.mendu >cut.mendu
runs 5 "$MEND" check cut.mendu --against lsar
warns 'damaged|cut short'
runs 2 "$MEND" build
runs 2 "$MEND" disasm
runs 2 "$MEND" build none.m
