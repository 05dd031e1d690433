/* SPDX-License-Identifier: MIT */
/*
 * What the agent inside a program and the command line outside agree on: where the socket lives, what a
 * packet is, how a refusal travels, and how `mend run` hands its patches to the program it becomes.
 *
 * The wire: a Unix socket of type SOCK_SEQPACKET, FOLDER/PID.sock. A packet is one JSON-RPC 2.0 message in
 * UTF-8, at most MN_MESSAGE_MAX bytes, at most 32 levels deep. A request for a patch carries its source as
 * the text "source", or, where that is longer than MN_SOURCE_INLINE_MAX, as one sealed memfd beside the
 * packet (SCM_RIGHTS): what was read is what is compiled. Unknown fields are ignored, unknown methods
 * answered -32601.
 *
 *     hello   {proto:[1,1], client}         -> {proto, range, agent, pid, name, runtime, caps, started}
 *     apply   {name, id?, source | fd, color?, main_ms?} -> {id?, methods, classes, replaced, *_ns, diagnostics}
 *     check   {name, id?, source | fd, color?} -> the same, nothing changed
 *     revert  {id}                          -> {id, total_ns}
 *     status  {}                            -> {pid, name, patches:[{id, name, methods, classes,
 * applied_at}]}
 *
 * apply, check and revert wait for their turn, one of a connection at a time; the others are answered
 * meanwhile. When the turn of an apply or revert comes, the agent sends MN_BEGUN and then looks whether the
 * sender has shut down its side: if so, nothing is done. So a sender who gives up, shuts down and finds no
 * MN_BEGUN knows that nothing changed.
 *
 * This file and protocol.c are compiled into both sides; it is all that cli/ sees of agent/.
 */
#ifndef MN_AGENT_PROTOCOL_H
#define MN_AGENT_PROTOCOL_H

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_writer.h"

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

enum {
    MN_PROTO_MIN = 1,
    MN_PROTO_MAX = 1,
    MN_MESSAGE_MAX = 1 << 20,
    MN_SOURCE_INLINE_MAX = 32 << 10,
    MN_SOURCE_MAX = 8 << 20
};

/* What a compiled patch begins with (docs/bytecode.md). It travels as a memfd, or in hexadecimal in a record. */
#define MN_UNIT_MAGIC "\x89MEND\r\n\x1a"

/* The notification that a change begins. */
#define MN_BEGUN_METHOD "begun"
#define MN_BEGUN        "{\"jsonrpc\":\"2.0\",\"method\":\"" MN_BEGUN_METHOD "\"}"

/* The codes JSON-RPC reserves; every other code in an error is a number of status.def. */
enum { MN_RPC_PARSE = -32700, MN_RPC_REQUEST = -32600, MN_RPC_METHOD = -32601, MN_RPC_PARAMS = -32602 };

/* Ids of patches are typed by people and printed in rows. */
enum { MN_ID_MAX = 127 };

/* MEND_INVALID unless id has 1 to MN_ID_MAX bytes and no control character. */
mend_status mn_id_check(const char *id, mend_error *err);

/* Where sockets live. */

enum { MN_SOCKET_FOLDERS = 3 };

/*
 * The candidates in order of preference: $XDG_RUNTIME_DIR/mend, /run/user/UID/mend, /tmp/mend-UID. False
 * where the environment does not name one or it does not fit. `which` runs from 0 to MN_SOCKET_FOLDERS - 1.
 */
bool mn_socket_folder(unsigned which, uid_t uid, char *folder, size_t size);

/* MEND_OK if folder is a directory of `owner` that nobody else can enter: a stranger's socket is not talked
 * to. */
mend_status mn_socket_folder_check(const char *folder, uid_t owner, mend_error *err);

/* The address of a process' socket; false if the path is too long for one. */
bool mn_socket_address(const char *folder, pid_t pid, struct sockaddr_un *address);

/* Packets. */

enum mn_packet {
    MN_PACKET_GOT,
    MN_PACKET_NONE,      /* nothing there now, or no room to write */
    MN_PACKET_END,       /* the other side left */
    MN_PACKET_TOO_LARGE, /* was dropped, with its descriptors */
    MN_PACKET_FAILED     /* errno says why */
};

/* Never raises SIGPIPE. fd is lent, -1 for none. flags are added to sendmsg's. */
enum mn_packet mn_packet_send(int socket, const char *bytes, size_t length, int fd, int flags);

/* Replaces the content of `bytes`. *fd is -1 or the one descriptor sent along, owned by the caller; more are
 * closed. */
enum mn_packet mn_packet_receive(int socket, struct mn_buffer *bytes, int *fd, int flags);

/* A memfd whose bytes can never change again. */
mend_status mn_sealed_new(const char *name, const char *bytes, size_t length, int *fd, mend_error *err);

/* Appends the bytes of a sealed memfd of at most `max` bytes; anything not sealed is MEND_PROTOCOL. fd is
 * lent. */
mend_status mn_sealed_read(int fd, size_t max, struct mn_buffer *bytes, mend_error *err);

/* Refusals: {"code":201,"message":...,"data":{"name","class","selector","file","line","column","remedy"}}. */

/* The members of a refusal, inside an object that is open; `data` is left open for more. */
void mn_error_begin(struct mn_json_writer *w, long long code, const mend_error *err);

/* Fills *err from an error object; an unknown code is MEND_PROTOCOL. Returns its status, never MEND_OK. */
mend_status mn_error_read(const struct mn_json *error, mend_error *err);

/* The same for people: "mend: fix.m:3:7: no such method: … [E0101]" and the remedy on a line of its own. */
void mn_error_text(struct mn_buffer *text, const mend_error *err);

/*
 * `mend run` becomes the program it starts. What the agent in it must know is a sealed memfd
 * {"color":bool,"patches":[{"name","id"?,"source"|"unit","headers"?}],"want"?} and this variable:
 *
 *     MEND_LAUNCH=PID:LAUNCH_FD:REPORT_FD:FLAGS
 *
 * "unit" is a compiled patch in hexadecimal. With "want" ("unit", "listing" or a word of <mend/target.def>) the patch is compiled or converted, not checked, and
 * what came of it is a sealed memfd beside the answer.
 *
 * Whoever finds another pid in it is a descendant and not meant. FLAGS: c check only, and answer on REPORT_FD
 * as to a request; p there are patches, so a program without Objective-C must not start; q say nothing; -
 * nothing. The variable is removed and the descriptors are closed before main runs.
 */
#define MN_LAUNCH_VARIABLE "MEND_LAUNCH"
#define MN_LAUNCH_FORMAT   "%d:%d:%d:%7s"
#define MN_LAUNCH_SIZE     (64u << 20)

/* "off" in the environment: what the host does to its classes is left to libobjc (runtime/guard.h). */
#define MN_GUARD_VARIABLE "MEND_GUARD"

/* What the preloaded library writes on REPORT_FD where there is no Objective-C to check against. */
#define MN_LAUNCH_INERT "inert"

/* The two libraries: the one in LD_PRELOAD, and the one it opens beside itself. */
#define MN_AGENT_LIBRARY "libmend-agent.so"
#define MN_CORE_LIBRARY  "libmend.so.0"

#endif
