/* SPDX-License-Identifier: MIT */
/* No site has an entry of its own here: every call goes through the dispatcher in C (dispatch.c). */
#include "hook/site.h"

mn_code
mn_site_entry(const struct mn_site *site)
{
    (void)site;
    return NULL;
}
