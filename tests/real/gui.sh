#!/bin/bash
# SPDX-License-Identifier: MIT
# TextEdit, a program with windows, under a virtual X server. The patch writes "Edit" on the menu's item "Help"; the oracle is the
# screen itself: the two rows are the same pixels with the patch, and are not without it. All else stays as it was.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

for command in Xvfb TextEdit import convert compare; do
    command -v $command >/dev/null || wrong "$command is missing: run tools/setup real"
done

export HOME=$work/home
mkdir home
printf 'Hello from a text\n' >hello.txt
at_end() { pkill -KILL -f -- "$work/hello.txt"; }

mkfifo display
Xvfb -displayfd 5 -screen 0 800x600x24 -nolisten tcp >xvfb.out 2>&1 5>display &
started+=($!)
read -r -t 20 number <display || wrong "Xvfb does not start"
export DISPLAY=:$number

cat >fix.m <<'END'
@implementation NSMenuItem
- (NSString *)title
{
    NSString *title = [self ORGtitle];

    return [title isEqualToString:@"Help"] ? @"Edit" : title;
}
@end
END

# picture NAME: the menu and the text; not the rest, where a cursor blinks.
picture() {
    import -silent -window root whole.png
    convert whole.png \( -clone 0 -crop 120x165+0+0 +repage \) \( -clone 0 -crop 130x18+268+0 +repage \) -delete 0 -append "$1.png"
}

same() { [ "$(compare -metric AE "$1.png" "$2.png" null: 2>&1)" = 0 ]; }

# screen NAME COMMAND...: what TextEdit looks like under this command, once its window is there and three pictures are alike.
screen() {
    local name=$1 try alike=0 editor
    shift
    "$@" TextEdit "$work/hello.txt" >textedit.out 2>&1 &
    editor=$!
    started+=("$editor")
    for try in $(seq 120); do
        picture now
        if [ "$(convert whole.png -crop 10x10+400+200 -format '%[fx:mean]' info:)" = 1 ] && [ -f before.png ] && same now before; then
            alike=$((alike + 1))
        else
            alike=0
        fi
        [ $alike = 3 ] && break
        mv now.png before.png
        sleep 0.5
    done
    [ $alike = 3 ] || wrong "TextEdit shows no window: $(tail -3 textedit.out)"
    mv now.png "$name.png"
    rm -f before.png
    kill -KILL "$editor"
    wait "$editor" 2>/dev/null
    sleep 0.5
}

# differing A AT B AT: how many pixels differ between two rows of the menu.
differing() {
    convert "$1.png" -crop "80x18+2+$2" +repage one.png
    convert "$3.png" -crop "80x18+2+$4" +repage two.png
    compare -metric AE one.png two.png null: 2>&1
}

edit=63 help=123

the "without a patch, Edit and Help look different"
screen plain env
[ "$(differing plain $edit plain $help)" -gt 10 ] || wrong "the rows are alike"

the "the agent alone changes no pixel"
screen agent "$MEND" run --
same plain agent || wrong "the screen differs"

the "with the patch, Help reads Edit"
screen mended "$MEND" run --patch fix.m --
[ "$(differing mended $edit mended $help)" = 0 ] || wrong "$(differing mended $edit mended $help) pixels differ between the rows"

the "and nothing else has changed"
for name in plain mended; do convert $name.png -fill white -draw "rectangle 0,$help 120,$((help + 18))" masked-$name.png; done
same masked-plain masked-mended || wrong "other pixels differ"
