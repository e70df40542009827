// SPDX-License-Identifier: GPL-3.0-or-later
// A texel that no buffer has. llvmpipe checks every index anyway: it loads zeros
// from there and stores nothing, so that padding and ragged edges cost a select.
// A multiple of a plane (2^27 texels in all) may be added and it is still outside.

const int OUTSIDE = -0x40000000;
