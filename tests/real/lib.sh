# SPDX-License-Identifier: MIT
# What the tests of real servers have in common, beside tests/live/lib.sh: daemons refuse to run as root, so each runs as the
# user its package made, with a copy of Mend that this user can read. A user who is not root runs all as himself.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

chmod 755 "$work"
mkdir "$work/mend" && cp -d "$BUILD"/bin/mend "$work/mend/" && mkdir "$work/lib" && cp -d "$BUILD"/lib/libmend* "$work/lib/" || exit 1
mkdir "$work/bin" && mv "$work/mend/mend" "$work/bin/mend" && rmdir "$work/mend"
MEND=$work/bin/mend
chmod -R a+rX "$work"

# as USER COMMAND...
as() {
    local user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        runuser -u "$user" -- env "$@"
    else
        env "$@"
    fi
}

# own USER FOLDER...: makes folders that belong to him.
own() {
    local user=$1
    shift
    mkdir -p "$@"
    [ "$(id -u)" != 0 ] || chown "$user" "$@"
}

# free_port: one nobody listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# needs COMMAND...: each is there.
needs() {
    local command
    for command; do
        command -v "$command" >/dev/null || wrong "$command is missing: run tools/setup real"
    done
}

# private_kb PID...: memory that these processes do not share, in KB.
private_kb() {
    local pid
    for pid; do cat "/proc/$pid/smaps_rollup"; done | awk '/^Private_/ { sum += $2 } END { print sum + 0 }'
}
