/* SPDX-License-Identifier: MIT */
/* All of Mend for those who want one line: hooks, patches, errors. */
#ifndef MEND_MEND_H
#define MEND_MEND_H

#include <mend/agent.h>
#include <mend/block_advice.h>
#include <mend/context.h>
#include <mend/diagnostic.h>
#include <mend/error.h>
#include <mend/hook.h>
#include <mend/patch.h>
#include <mend/pointcut.h>
#include <mend/queue.h>
#include <mend/source.h>
#include <mend/step.h>
#include <mend/version.h>

#endif
