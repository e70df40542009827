// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/expect.h"

bool sfm_expect_shape(const SfmCall *call, int i, const char *what, SfmShape want, GError **error)
{
    const SfmShape is = call->in[i];

    if (sfm_shape_equal(is, want))
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                    "%s: %s must be [%u, %u, %u, %u], not [%u, %u, %u, %u]", call->op->name, what,
                    want.dim[0], want.dim[1], want.dim[2], want.dim[3], is.dim[0], is.dim[1],
                    is.dim[2], is.dim[3]);
}

uint32_t sfm_num_parts(const SfmCall *call)
{
    const uint32_t outputs = call->in[1].dim[0], parts = call->in[2].dim[0];

    return parts > 0 && outputs % parts == 0 ? parts : 1;
}
