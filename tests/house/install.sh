#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs into a folder, moves it elsewhere, and uses Mend from there as a user would: nothing may point back.
set -eu
work=$(mktemp -d)
headers=$PWD/include
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/stage cmake --install "$MEND_BUILD" --prefix /opt/mend >/dev/null
mv "$work/stage/opt/mend" "$work/moved"
cd "$work/moved"

for f in bin/mend lib/libmend.so lib/libmend.so.0 lib/libmend-agent.so include/mend/mend.h include/mend/status.def \
    lib/pkgconfig/mend.pc lib/cmake/Mend/MendConfig.cmake share/man/man1/mend.1 share/doc/mend/LICENSE \
    share/bash-completion/completions/mend share/zsh/site-functions/_mend share/fish/vendor_completions.d/mend.fish; do
    [ -e $f ] || { echo "$f is not installed"; exit 1; }
done
(cd "$headers" && find mend -name '*.h' -o -name '*.def') | while read -r f; do
    [ -e "include/$f" ] || { echo "include/$f is not installed"; exit 1; }
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
cat >"$work/face.m" <<'M'
#import <mend/compat/Aspects.h>
#import <mend/compat/IPIntructionPatch.h>
#import <mend/compat/Stinger.h>
#import <mend/compat/VCHFFIHook.h>
int main(void)
{
    return [NSObject respondsToSelector: @selector(aspect_hookSelector:withOptions:usingBlock:error:)] && [VCHFFIHook class] ? 0 : 1;
}
M
gcc $(gnustep-config --objc-flags | sed 's/-MMD//; s/-MP//') "$work/face.m" -o "$work/face" $(pkg-config --cflags --libs mend) -lgnustep-base -lobjc
"$work/face"
unset LD_LIBRARY_PATH

mkdir "$work/project"
mv "$work/host.c" "$work/project"
cat >"$work/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.18)
project(host C)
find_package(Mend 0.1 REQUIRED)
add_executable(host host.c)
target_link_libraries(host PRIVATE Mend::mend)
CMAKE
if ! { cmake -S "$work/project" -B "$work/project/build" -DCMAKE_PREFIX_PATH="$work/moved" && cmake --build "$work/project/build"; } \
    >"$work/cmake" 2>&1; then
    cat "$work/cmake"
    exit 1
fi
"$work/project/build/host" | diff "$work/version" -

bin/mend version | grep -qF "$(cat "$work/version")"
bin/mend run -q -- lsar -v >"$work/out"
lsar -v | diff - "$work/out"
