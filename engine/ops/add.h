// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_ADD_H
#define SFM_OPS_ADD_H

// add: a [any], b as a -> y = (a + b) * scale
typedef struct {
    float scale;
} SfmAdd;

#endif
