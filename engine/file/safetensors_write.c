// SPDX-License-Identifier: GPL-3.0-or-later
#include <sfumato/write.h>

#include "file/json.h"
#include "file/tensor_list.h"

// Floats that are put into little-endian order at a time.
#define CHUNK 16384

// Tensors lie in the data in the order in which they are given.
static bool describe(const SfmTensorOut *tensor, uint64_t *offset, json_t *header)
{
    size_t count;
    uint64_t end;
    if (json_object_get(header, tensor->name) ||
        !sfm_dims_count(tensor->rank, tensor->dim, &count) ||
        !g_uint64_checked_mul(&end, count, sizeof(float)) ||
        !g_uint64_checked_add(&end, end, *offset))
        return false;

    json_t *shape = json_array();
    for (int i = 0; i < tensor->rank; i++)
        json_array_append_new(shape, json_integer((json_int_t)tensor->dim[i]));
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape,
                              "data_offsets", (json_int_t)*offset, (json_int_t)end);
    *offset = end;
    return json_object_set_new(header, tensor->name, entry) == 0;
}

// The JSON, with spaces at its end so that the data starts at a multiple of
// eight bytes. NULL if a tensor cannot be described.
static GString *make_header(const SfmTensorOut *tensors, size_t num)
{
    g_autoptr(json_t) header = json_object();
    uint64_t offset = 0;
    for (size_t i = 0; i < num; i++) {
        if (!describe(&tensors[i], &offset, header))
            return NULL;
    }

    char *text = json_dumps(header, JSON_COMPACT);
    if (!text)
        return NULL;
    GString *padded = g_string_new(text);
    free(text);
    while (padded->len % 8 != 0)
        g_string_append_c(padded, ' ');
    return padded;
}

static bool write_floats(SfmWriter *writer, const SfmTensorOut *tensor, GError **error)
{
    size_t count = 0;
    sfm_dims_count(tensor->rank, tensor->dim, &count);

    for (size_t done = 0; done < count; done += CHUNK) {
        uint32_t words[CHUNK];
        const size_t num = MIN(CHUNK, count - done);
        memcpy(words, tensor->data + done, num * sizeof(float));
        for (size_t i = 0; i < num; i++)
            words[i] = GUINT32_TO_LE(words[i]);
        if (!sfm_writer_append(writer, words, num * sizeof(float), error))
            return false;
    }
    return true;
}

bool sfm_safetensors_write(const char *path, const SfmTensorOut *tensors, size_t num,
                           GError **error)
{
    g_autoptr(GString) header = make_header(tensors, num);
    if (!header)
        return sfm_fail(error, SFM_ERROR_NOT_WRITTEN,
                        "%s: tensors without a name of their own, or too large", path);

    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);
    const uint64_t length = GUINT64_TO_LE((uint64_t)header->len);
    if (!writer || !sfm_writer_append(writer, &length, sizeof(length), error) ||
        !sfm_writer_append(writer, header->str, header->len, error))
        return false;
    for (size_t i = 0; i < num; i++) {
        if (!write_floats(writer, &tensors[i], error))
            return false;
    }
    return sfm_writer_commit(writer, error);
}
