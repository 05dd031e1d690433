# SPDX-License-Identifier: MIT
# Takes the runnable blocks out of a Markdown page. In folder `out`:
#   ```LANGUAGE file=NAME    becomes the file NAME
#   ```sh test               is appended to the script `run`, each line after its place in the page
/^```/ {
    if (inside) {
        inside = 0
        if (target != "")
            close(target)
        target = ""
        next
    }
    inside = 1
    if ($0 ~ /^```sh test/) {
        script = 1
        next
    }
    script = 0
    if (match($0, /file=[A-Za-z0-9_.-]+/)) {
        target = out "/" substr($0, RSTART + 5, RLENGTH - 5)
        printf "" >target
    }
    next
}
inside && script { printf "line=%d\n%s\n", FNR, $0 >(out "/run") }
inside && target != "" { print >target }
