// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_EMBEDDING_H
#define SFM_OPS_EMBEDDING_H

// embedding: index [N, 1, 1, 1] (whole numbers 0 .. R - 1, as floats), table [R, D, 1, 1]
// -> y [N, D, 1, 1]. An index out of range is clamped; callers check before.
// No attributes.

#endif
