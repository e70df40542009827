// SPDX-License-Identifier: GPL-3.0-or-later
// A texel to load from that no buffer has. llvmpipe checks every index anyway and
// loads zeros from there, so that padding and ragged edges cost a select; for
// stores see stored.glsl.
// A multiple of a plane (2^27 texels in all) may be added and it is still outside.

const int OUTSIDE = -0x40000000;
