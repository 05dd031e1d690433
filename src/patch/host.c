/* SPDX-License-Identifier: MIT */
#include "patch/host.h"

#include "base/alloc.h"

const struct mn_host mn_host_functions = {
    .size = sizeof(struct mn_host),
#define F(result, name, parameters, arguments) .name = name,
#define V(name, parameters, arguments)         .name = name,
#include "patch/host.def"
#undef F
#undef V
};
