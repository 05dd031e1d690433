#!/bin/bash
# SPDX-License-Identifier: MIT
# unar and lsar, Debian's stripped binaries, on an archive of every type that a Debian package can make: with a patch that renames
# every format, each archive is listed under the new name and unpacks to the same files.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

for command in zip tar 7z arj genisoimage cpio ar gcab jlha arc gzip bzip2 xz lzma compress; do
    command -v $command >/dev/null || wrong "$command is missing: run tools/setup real"
done

mkdir tree && head -c 30000 "$SOURCE/README.md" >tree/readme && echo short >tree/note && : >tree/empty
(cd tree && ln -s note link)
{
    zip -qry t.zip tree
    tar cf t.tar tree && tar czf t.tar.gz tree && tar cjf t.tar.bz2 tree && tar cJf t.tar.xz tree
    find tree | cpio -o --quiet -H newc >t.cpio
    genisoimage -quiet -R -o t.iso tree
    7z a -bd t.7z tree
    arj a -r t.arj tree/readme tree/note
    jlha a t.lzh tree/readme tree/note
    arc a t.arc tree/readme
    gcab -c t.cab tree/readme tree/note
    ar rc t.ar tree/readme
    gzip -c tree/readme >readme.gz && bzip2 -c tree/readme >readme.bz2 && xz -c tree/readme >readme.xz
    lzma -c tree/readme >readme.lzma && compress -c tree/readme >readme.Z
} >made 2>&1 || wrong "the archives cannot be made: $(tail -3 made)"

for class in Zip Tar Cpio ISO9660 7Zip ARJ LZH ARC CAB Ar Gzip Bzip2 XZ LZMAAlone Compress; do
    printf '@implementation XAD%sParser\n- (NSString *)formatName\n{\n    return [@"mended " stringByAppendingString:[self ORGformatName]];\n}\n@end\n' "$class"
done >rename.m

count=0
for archive in t.* readme.*; do
    the "$archive is listed by its new name, and unpacks to the same files"
    plain=$(lsar "$archive" | head -1) || wrong "lsar cannot list it"
    runs 0 "$MEND" run --patch rename.m -- lsar "$archive"
    no_warning
    expected=$(echo "$plain" | sed -E 's/: /: mended /; s/ in / in mended /')
    [ "$(head -1 out)" = "$expected" ] || wrong "$(head -1 out) instead of $expected"
    lsar "$archive" | sed 1d | cmp -s - <(sed 1d out) || wrong "the listing differs"
    runs 0 unar -q -o plain "$archive"
    runs 0 "$MEND" run --patch rename.m -- unar -q -o mended "$archive"
    diff -r --no-dereference plain mended >out || wrong "the files differ"
    [ -n "$(find plain -type f -size +1k)" ] || wrong "nothing was unpacked"
    rm -rf plain mended
    count=$((count + 1))
done
[ $count = 18 ] || wrong "$count archives instead of 18"
