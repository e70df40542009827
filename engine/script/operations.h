// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_OPERATIONS_H
#define SFM_SCRIPT_OPERATIONS_H

#include <lua.h>

#include "plan/expr.h"

// Pushes kind(...) of the tensors and numbers at the indices, as many as the kind
// takes: a number if all are. Raises an error if one of them is something else.
void sfm_operation_push(lua_State *L, SfmExprKind kind, int a, int b, int c);

#endif
