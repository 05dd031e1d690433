#!/bin/bash
# SPDX-License-Identifier: MIT
# mend convert: the same patch in another language, with the same instructions.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

# Places and what a file is called are no instructions.
listing() { runs 0 "$MEND" disasm "$1" && sed 's/ *; .*//' "$work/out"; }

the "source becomes a document with the same instructions"
cat >fix.m <<'XXX'
#define TWICE(x) ((x) * 2)
@implementation NSObject (Converted)
- (NSString *)converted:(int)n
{
    NSMutableString *text = [NSMutableString string];

    for (int i = 0; i < TWICE(n); i++)
        [text appendFormat:@"%d ", i];
    return text;
}
@end
XXX
runs 0 "$MEND" convert fix.m -o fix.json
says '^fix\.m  converted  fix\.json  [0-9]+ bytes$'
no_warning
listing fix.m >before
listing fix.json >after
cmp before after || wrong "the instructions differ: $(diff before after)"

the "without -o it goes to stdout"
runs 0 "$MEND" convert fix.m --to json
cmp out fix.json || wrong "not the same text"
runs 0 "$MEND" convert fix.m --to json --json
says '"t":"convert".*"text":"{.*"ok":true'

the "what a document cannot say is told with its place, and nothing is written"
printf '@implementation NSObject (Converted)\n- (void)a\n{\n    goto out;\nout:;\n}\n@end\n' >bad.m
runs 5 "$MEND" convert bad.m -o bad.json
warns '^bad\.m:4:5: error: format 2 has no spelling for goto$'
[ ! -e bad.json ] || wrong "bad.json is there"

the "a document becomes source, and Mango becomes Objective-C"
runs 0 "$MEND" convert fix.json -o again.m
listing again.m >after
cmp before after || wrong "the instructions differ: $(diff before after)"
printf 'class Thing : NSObject {\n- (int)twice:(int)n { return n * 2; }\n}\n' >thing.mg
runs 0 "$MEND" convert thing.mg -o thing.m
grep -q '^@implementation Thing$' thing.m || wrong "no @implementation"
runs 0 "$MEND" convert thing.m -o again.mg
grep -q '^class Thing : NSObject {$' again.mg || wrong "no class form"
listing thing.mg >before
listing again.mg >after
cmp before after || wrong "the instructions differ: $(diff before after)"

the "what becomes of a failing call is kept"
printf '{"format":2,"onError":"abort","instructions":[{"cls":"NSObject","methodList":[{"method":"hash","messages":[]}]}]}' >fails.json
runs 0 "$MEND" convert fails.json --to objc
says '^#pragma mend policy\(abort\)$'

the "languages it does not know, and units, are refused"
runs 2 "$MEND" convert fix.m
warns 'is not told the language'
runs 2 "$MEND" convert fix.m --to cobol
warns "no language 'cobol'"
runs 2 "$MEND" convert
runs 0 "$MEND" build fix.m
runs 5 "$MEND" convert fix.mendu --to json
warns 'fix\.mendu cannot be converted'
