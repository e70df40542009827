// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_ATTENTION_H
#define SFM_OPS_ATTENTION_H

#include <stdint.h>

// attention: q [N, D, H, W], k [N, D, KH, KW], v as k -> y as q
// Over pixels, in `heads` heads of D / heads channels each (channel = head *
// head_dim + d): softmax(q . k / sqrt(head_dim)) v.
typedef struct {
    uint32_t heads; // divides D
} SfmAttention;

#endif
