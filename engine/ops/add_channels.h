// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_ADD_CHANNELS_H
#define SFM_OPS_ADD_CHANNELS_H

// add_channels: x [N, C, H, W], v [N, C, 1, 1] -> y = x + v, as x
// No attributes.

#endif
