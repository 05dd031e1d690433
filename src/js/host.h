/* SPDX-License-Identifier: MIT */
/* What this module knows of the Mend that loaded it. */
#ifndef MN_JS_HOST_H
#define MN_JS_HOST_H

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/list.h"
#include "base/log.h"
#include "base/map.h"
#include "patch/host.h"

/* Once, before anything else. False: it is another version's. */
bool mn_js_host_open(const struct mn_host *given);
#endif
