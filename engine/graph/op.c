// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/op.h"

#include <glib.h>
#include <string.h>

#define MAX_GROUPS 65535u // as shaders/include/index.glsl has it

// Values of a shape; 0: none, or more than 32 bits count.
static uint32_t value_count(SfmShape shape)
{
    uint64_t count = 1;
    for (int i = 0; i < 4; i++) {
        count *= shape.dim[i];
        if (count > UINT32_MAX)
            return 0;
    }
    return (uint32_t)count;
}

static bool check_sizes(const SfmCall *call, const SfmShape shapes[], int num, GError **error)
{
    for (int i = 0; i < num; i++) {
        const uint32_t *dim = shapes[i].dim;
        if (value_count(shapes[i]) == 0)
            return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                            "%s: a tensor [%u, %u, %u, %u] does not hold 1 to %u values",
                            call->op->name, dim[0], dim[1], dim[2], dim[3], UINT32_MAX);
    }
    return true;
}

bool sfm_call_infer(SfmCall *call, GError **error)
{
    return check_sizes(call, call->in, call->num_inputs, error) && call->op->infer(call, error) &&
           check_sizes(call, call->out, call->op->num_outputs, error);
}

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

void sfm_launch_push(SfmLaunch *launch, const void *params, size_t size)
{
    g_assert(size <= SFM_MAX_PUSH);
    launch->push_size = size;
    memcpy(launch->push, params, size);
}
