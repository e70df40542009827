// SPDX-License-Identifier: GPL-3.0-or-later
// activate() of four channels. ACT is a constant where a variant is made for one
// activation, else a parameter: llvmpipe runs every case of a switch, masked.

#include "include/activation.glsl"

vec4 activate4(vec4 x)
{
    return vec4(activate(x.x, ACT), activate(x.y, ACT), activate(x.z, ACT), activate(x.w, ACT));
}
