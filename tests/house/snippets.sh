#!/bin/sh
# SPDX-License-Identifier: MIT
# snippets.sh PAGE: runs what a page tells its reader to run (see snippets.awk), in a folder that looks like a clone
# after `make install`: build/ is the build at hand, examples/ the tree's own.
set -eu
page=$PWD/$1
root=$PWD
work=$(mktemp -d)
cleanup()
{
    rc=$?
    for pid in $(cat "$work"/*.pid 2>/dev/null); do
        kill "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
    exit $rc
}
trap cleanup EXIT
ln -s "$MEND_BUILD" "$work/build"
ln -s "$root/examples" "$root/README.md" "$work/"
awk -v out="$work" -f "$root/tests/house/snippets.awk" "$page"
[ -s "$work/run" ] || { echo "$1 has no block marked 'sh test'"; exit 1; }
cmake --install "$MEND_BUILD" --prefix "$work/installed" >/dev/null

cd "$work"
PKG_CONFIG_PATH=$work/installed/lib/pkgconfig
LD_LIBRARY_PATH=$work/installed/lib
export PKG_CONFIG_PATH LD_LIBRARY_PATH
{
    echo 'set -e; trap '"'"'[ $? = 0 ] || echo "'"$1"':$line: this line failed"'"'"' EXIT'
    cat run
} >script
bash script
