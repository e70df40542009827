// SPDX-License-Identifier: GPL-3.0-or-later
// Where an invocation of a memory-bound shader on channels-last maps stands: one
// makes one quad, neighbours make neighbours. Every shader returns at once where
// map_index is at or beyond p.count.

#include "params/gpu_map.h"

#define GROUP_SIZE GPU_MAP_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/element.glsl"
#include "include/index.glsl"

layout(push_constant) uniform Push { GpuMapParams p; };

uint map_index = invocation_index(); // quad of an image
uint map_image = gl_WorkGroupID.z;
