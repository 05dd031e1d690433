/* SPDX-License-Identifier: MIT */
/*
 * What a face has put in place of one method, as one element of the method's chain.
 *
 * Aspects runs all of them, class ones then object ones, each in the order it was added, and each may run
 * what lies below the element. Stinger runs one: the object's, else the class's. So hooks of both faces, and
 * of Mend's own, nest around each other.
 *
 * A receiver with insteads of its own has an element of its own, which runs the class's too; the class's
 * element passes its calls on.
 */
#ifndef MN_COMPAT_INSTEADS_H
#define MN_COMPAT_INSTEADS_H

#include "compat/point.h"

/*
 * Makes the element what the point's list says now, switching by one store; takes it away when nothing is
 * left. Not under the runtime's mutex. On failure the element is as before.
 */
mend_status mn_insteads_refresh(struct mn_point *point, mend_error *err);
#endif
