/* SPDX-License-Identifier: MIT */
/* Memory as scripts handle it: cells for out-parameters, and the functions of JPMemory and JPStructPointer. */
#ifndef MN_JS_POINTER_H
#define MN_JS_POINTER_H

#include "js/value.h"

/* A callee may have stored an object in the cell: it is kept alive until releaseTmpObj(cell), or the cell is used for
 * another call. */
void mn_js_cell_keep(void *cell);

/* Adds malloc, free, pval and so on to the object of native functions. */
void mn_js_pointers_install(JSObjectRef native);
#endif
