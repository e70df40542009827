// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_COPY_H
#define SFM_OPS_COPY_H

// copy: x [any] -> y as x. No attributes. Plans use it to change a layout.

#endif
