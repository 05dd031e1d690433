#!/bin/bash
# SPDX-License-Identifier: MIT
# A host that changes classes in use: left to the runtime it crashes or answers wrongly; with the agent in it, it does
# not.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

the "the fault is real: without the agent the host does not survive"
for try in $(seq 12); do
    timeout 20 "$LIVE/swizzler" 2 >out 2>err || break
    [ "$try" = 12 ] && wrong "12 runs, and no fault seen"
done

the "with the agent in it, it survives, and every answer is right"
for try in 1 2 3; do
    runs 0 "$MEND" run -- "$LIVE/swizzler" $((2 * ${MEND_SCALE:-1}))
    says '^[0-9]+ rounds, [0-9]+ sends, 0 wrong$'
done

the "and while patches of the classes it changes come and go"
cat >fix.m <<'END'
@implementation NSObject (Fix)
- (id)copy { return [self ORGcopy]; }
- (long)mendFresh { return 1; }
- (id)self { return self; }
@end
END
"$MEND" run -- "$LIVE/swizzler" 10 >out 2>err &
pid=$!
started+=("$pid")
until_true "$MEND" status --pid "$pid" >/dev/null
for _ in $(seq 8); do
    "$MEND" apply fix.m --pid "$pid" >apply.out 2>&1 || wrong "not applied: $(cat apply.out)"
    "$MEND" revert fix --pid "$pid" >apply.out 2>&1 || wrong "not reverted: $(cat apply.out)"
done
wait $pid || wrong "the host failed"
says ' 0 wrong$'

the "MEND_GUARD=off leaves everything to the runtime"
for try in $(seq 12); do
    MEND_GUARD=off timeout 20 "$MEND" run -- "$LIVE/swizzler" 2 >out 2>err || break
    [ "$try" = 12 ] && wrong "12 runs, and no fault seen"
done
exit 0
