// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensor/tensor.h"

bool sfm_shape_bytes(SfmShape shape, const char *what, size_t *bytes, GError **error)
{
    size_t total = sizeof(float);
    for (int i = 0; i < 4; i++) {
        if (!g_size_checked_mul(&total, total, shape.dim[i]))
            return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: [%u, %u, %u, %u] floats overflow",
                            what, shape.dim[0], shape.dim[1], shape.dim[2], shape.dim[3]);
    }
    *bytes = total;
    return true;
}

SfmTensor *sfm_tensor_new(SfmShape shape, const char *what, GError **error)
{
    size_t bytes;
    if (!sfm_shape_bytes(shape, what, &bytes, error))
        return NULL;

    g_autoptr(SfmTensor) tensor = g_new0(SfmTensor, 1);
    tensor->shape = shape;
    tensor->data = g_try_malloc0(bytes);
    if (!tensor->data && bytes > 0) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %zu bytes", what, bytes);
        return NULL;
    }
    return g_steal_pointer(&tensor);
}

void sfm_tensor_free(SfmTensor *tensor)
{
    if (!tensor)
        return;
    g_free(tensor->data);
    g_free(tensor);
}
