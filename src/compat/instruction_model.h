/* SPDX-License-Identifier: MIT */
/*
 * Models of InstructionPatch: the keys of each level, the default classes, and any model written as a document
 * of format 1.
 */
#ifndef MN_COMPAT_INSTRUCTION_MODEL_H
#define MN_COMPAT_INSTRUCTION_MODEL_H

#include "base/buffer.h"
#include "runtime/runtime.h"

/* The five default classes. Failures go to the log. */
void mn_model_classes(void);

/* Appends the document. Keys that the model does not answer, or answers with nil, are left out. Sends messages and
 * may let an exception pass. */
void mn_model_write(id model, struct mn_buffer *out);
#endif
