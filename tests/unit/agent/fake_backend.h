/* SPDX-License-Identifier: MIT */
/*
 * A backend of the agent without a runtime: patches are ids in a list.
 *
 * A source that begins with "bad" has two errors, one with "warn" one warning, one with "many" a thousand
 * errors; any other is applied and "changes" as many methods as it has lines.
 */
#ifndef MN_TESTS_FAKE_BACKEND_H
#define MN_TESTS_FAKE_BACKEND_H

#include "agent/outcome.h"
#include "patch/engine.h"

extern const struct mn_backend mn_fake_backend;

/* How many patches are applied now, and how many requests changed something since the beginning. */
extern unsigned mn_fake_applied, mn_fake_changes;

/* From now on every patch has top-level code, which this engine loads; NULL: none has. Any thread. */
void mn_fake_top_level(const struct mn_engine *engine);

/* Takes every patch back. */
void mn_fake_reset(void);

#endif
