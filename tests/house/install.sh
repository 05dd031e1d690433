#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs into a folder, moves it elsewhere, and uses Mend from there as a user would: nothing may point back.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/stage cmake --install "$MEND_BUILD" --prefix /opt/mend >/dev/null
mv "$work/stage/opt/mend" "$work/moved"
cd "$work/moved"

for f in bin/mend lib/libmend.so lib/libmend.so.0 lib/libmend-agent.so include/mend/mend.h include/mend/status.def \
    lib/pkgconfig/mend.pc share/man/man1/mend.1 share/doc/mend/LICENSE; do
    [ -e $f ] || { echo "$f is not installed"; exit 1; }
done
if readelf -d bin/mend lib/libmend.so lib/libmend-agent.so | grep -E 'R(UN)?PATH' | grep -v '\[\$ORIGIN'; then
    echo "an installed file looks for libraries in the build folder"
    exit 1
fi

PKG_CONFIG_PATH=$work/moved/lib/pkgconfig
LD_LIBRARY_PATH=$work/moved/lib
export PKG_CONFIG_PATH LD_LIBRARY_PATH
cat >"$work/host.c" <<'C'
#include <mend/mend.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    mend_target target = {0};
    mend_hook_spec spec = {0};
    mend_error err;

    target.class_name = "NoSuchClass";
    target.selector = "x";
    spec.position = MEND_BEFORE;
    if (mend_hook_add(&target, &spec, NULL, &err) == MEND_OK)
        return 1;
    printf("%s\n", mend_version());
    return strcmp(mend_version(), MEND_VERSION_STRING);
}
C
for cc in gcc clang; do
    $cc -std=c99 -Wall -Werror "$work/host.c" -o "$work/host" $(pkg-config --cflags --libs mend)
    "$work/host" >"$work/version"
done
[ "$(cat "$work/version")" = "$(pkg-config --modversion mend)" ] || { echo "mend.pc names another version"; exit 1; }
unset LD_LIBRARY_PATH

bin/mend version | grep -qF "$(cat "$work/version")"
bin/mend run -q -- lsar -v >"$work/out"
lsar -v | diff - "$work/out"
