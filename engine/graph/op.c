// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/op.h"

#define MAX_GROUPS 65535u

SfmCost sfm_call_cost(const SfmCall *call)
{
    double in = 0, out = 0;
    for (int i = 0; i < call->num_inputs; i++)
        in += (double)sfm_shape_count(call->in[i]);
    for (int i = 0; i < call->op->num_outputs; i++)
        out += (double)sfm_shape_count(call->out[i]);

    return (SfmCost){
        .flop = call->op->flop ? call->op->flop(call) : out,
        .bytes = (in + out) * sizeof(float),
    };
}

void sfm_launch_count(SfmLaunch *launch, size_t count, uint32_t group_size)
{
    const size_t groups = (count + group_size - 1) / group_size;
    const size_t rows = (groups + MAX_GROUPS - 1) / MAX_GROUPS;

    launch->groups[0] = (uint32_t)(rows > 1 ? MAX_GROUPS : groups);
    launch->groups[1] = (uint32_t)rows;
    launch->groups[2] = 1;
}
