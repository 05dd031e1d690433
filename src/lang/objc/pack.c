/* SPDX-License-Identifier: MIT */
/*
 * #pragma pack(push, n), (push), (pop), (n) and (): how structures defined from there on are aligned. The tree keeps
 * where each stands; a definition looks up what says its place (mn_tree_pack).
 */
#include "lang/objc/preprocess.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The next word, number or bracket, from *at on; its length is 0 at the end. */
static size_t
next_piece(const char **at, const char *end)
{
    size_t length = 0;

    while (*at < end && !isalnum((unsigned char)**at) && **at != '(' && **at != ')')
        ++*at;
    while (*at + length < end && isalnum((unsigned char)(*at)[length]))
        length++;
    return length || *at == end ? length : 1;
}

static bool
is_piece(const char *at, size_t length, const char *text)
{
    return strlen(text) == length && memcmp(at, text, length) == 0;
}

void
mn_pp_pack(struct mn_pp *pp, uint32_t place, const char *at, const char *end)
{
    struct mn_pack *added;
    size_t length;
    bool empty = true;

    if (next_piece(&at, end) != 1 || *at++ != '(')
        return;
    for (; (length = next_piece(&at, end)) && *at != ')'; at += length, empty = false) {
        if (is_piece(at, length, "push") && pp->packs_pushed < MN_PACKS_MAX)
            pp->pushed[pp->packs_pushed++] = pp->pack;
        else if (is_piece(at, length, "pop"))
            pp->pack = pp->packs_pushed ? pp->pushed[--pp->packs_pushed] : 0;
        else if (isdigit((unsigned char)*at) && length <= 2)
            pp->pack = (uint8_t)atoi(at);
    }
    if (empty)
        pp->pack = 0;
    if ((added = mn_list_add(&pp->packs)))
        *added = (struct mn_pack){.at = place, .align = pp->pack};
    else
        pp->failed = true;
}
