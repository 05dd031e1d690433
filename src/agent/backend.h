/* SPDX-License-Identifier: MIT */
/* The backend of a real agent: include/mend/patch.h in this process. */
#ifndef MN_AGENT_BACKEND_H
#define MN_AGENT_BACKEND_H

#include "agent/outcome.h"

extern const struct mn_backend mn_backend_live;

#endif
