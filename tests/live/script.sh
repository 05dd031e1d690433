#!/bin/bash
# SPDX-License-Identifier: MIT
# Scripts by the command line: checked, applied, replaced, stacked with source, taken back, and at start.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1
[ -e "$BUILD/lib/libmend-js.so" ] || { echo "built without JavaScript"; exit 0; }

cat >fix.js <<'EOF'
defineClass('Tariff', {
    discountForQuantity: function (quantity) {
        return quantity == 10 ? 10 : self.ORIGdiscountForQuantity(quantity);
    }
});
EOF

start_till
mapped() { grep -q javascriptcore "/proc/$till/maps"; }

the "a process without scripts does not map the engine"
is_unpatched
mapped && wrong "it is mapped"

the "apply changes the next answer, revert the one after that"
runs 0 "$MEND" apply fix.js --pid "$till"
says "^till +$till +applied +1 method, "
is_patched
mapped || wrong "the engine is not mapped"
runs 0 "$MEND" status --pid "$till"
says ' fix +1 +0 '
runs 0 "$MEND" apply fix.js --pid "$till"
says 'in place of the earlier version'
is_patched
runs 0 "$MEND" revert fix --pid "$till"
is_unpatched

the "a script and a source on one method stack in the order they came"
runs 0 "$MEND" apply fix.js --pid "$till"
runs 0 "$MEND" apply "$FIX" --pid "$till" --id source
runs 0 "$MEND" revert fix --pid "$till"
is_patched
runs 0 "$MEND" revert source --pid "$till"
is_unpatched

the "what is wrong is said with its place, and changes nothing"
printf 'defineClass("Tariff", {\n  discountForQuantity: function (q) { return 0 \n});\n' >bad.js
runs 5 "$MEND" apply bad.js --pid "$till"
warns '^bad.js:3:[0-9]+: error: SyntaxError'
is_unpatched
printf 'defineClass("Tariff", {discountForQuantity: function (q) { return 10; }});\nnope.at.all();\n' >late.js
runs 5 "$MEND" apply late.js --pid "$till"
warns 'late.js:2'
is_unpatched
runs 5 "$MEND" check bad.js --pid "$till"
runs 0 "$MEND" check fix.js --pid "$till"
is_unpatched

the "a program starts with a script in force"
"$MEND" run --patch fix.js -- "$TILL" >second.out 2>second.err &
started+=("$!")
until_true grep -q listening second.out
