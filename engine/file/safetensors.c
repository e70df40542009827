// SPDX-License-Identifier: GPL-3.0-or-later
//
// safetensors: the header's length (8 bytes, little-endian), the header (JSON:
// a tensor's name to dtype, shape and two offsets), the data, to which the
// offsets refer. The tensors fill the data without gaps or overlaps, in any
// order.

#include <string.h>

#include "file/dtype.h"
#include "file/json.h"
#include "file/tensor_list.h"

#define LENGTH_SIZE 8
#define MAX_HEADER  (4 * 1024 * 1024) // 4 MiB of malicious JSON take 320 MB to parse

// Offsets from the beginning of the data.
typedef struct {
    uint64_t begin, end;
    const char *name; // borrowed from the header
} Extent;

static int by_begin(const void *a, const void *b)
{
    const Extent *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static bool read_count(const json_t *value, uint64_t *count)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *count = (uint64_t)json_integer_value(value);
    return true;
}

static bool read_dtype(const char *at, const json_t *value, SfmDtype *dtype, GError **error)
{
    if (!json_is_string(value))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: dtype: missing, or not a string", at);
    if (!sfm_dtype_from_name(json_string_value(value), dtype)) {
        g_autofree char *name = sfm_json_describe(value);
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: dtype: %s is not supported", at, name);
    }
    return true;
}

static bool read_shape(const char *at, const json_t *value, SfmTensorClaim *claim, GError **error)
{
    if (!json_is_array(value))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: shape: missing, or not a list", at);
    if (json_array_size(value) > SFM_MAX_RANK)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: shape: more than %d dimensions", at,
                        SFM_MAX_RANK);
    claim->rank = (int)json_array_size(value);
    for (int i = 0; i < claim->rank; i++) {
        if (!read_count(json_array_get(value, (size_t)i), &claim->dim[i]))
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: shape: not a list of sizes", at);
    }
    return true;
}

static bool read_offsets(const char *at, const json_t *value, Extent *extent, GError **error)
{
    if (!json_is_array(value) || json_array_size(value) != 2 ||
        !read_count(json_array_get(value, 0), &extent->begin) ||
        !read_count(json_array_get(value, 1), &extent->end) || extent->begin > extent->end)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: data_offsets: not a beginning and an end",
                        at);
    return true;
}

// What must hold beyond sfm_tensor_file_claim(): the data is as large as the
// shape says, to the byte.
static bool check_size(const char *at, const SfmTensorClaim *claim, GError **error)
{
    size_t count, size;
    if (!sfm_dims_count(claim->rank, claim->dim, &count) ||
        !g_size_checked_mul(&size, count, sfm_dtype_size(claim->dtype)))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: its shape is too large", at);
    if (size != claim->size)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: data_offsets: %" G_GUINT64_FORMAT
                        " bytes where dtype and shape need %zu",
                        at, claim->size, size);
    return true;
}

static bool list_tensor(SfmTensorFile *file, SfmSource *source, uint64_t data_start,
                        const json_t *value, Extent *extent, GError **error)
{
    g_autofree char *name = sfm_printable(extent->name);
    g_autofree char *at = g_strdup_printf("%s: %s", source->path, name);
    SfmTensorClaim claim = { .name = extent->name };

    if (!json_is_object(value))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: not an object", at);
    if (!read_dtype(at, json_object_get(value, "dtype"), &claim.dtype, error) ||
        !read_shape(at, json_object_get(value, "shape"), &claim, error) ||
        !read_offsets(at, json_object_get(value, "data_offsets"), extent, error))
        return false;
    if (extent->end > source->size - data_start)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: its data ends at byte %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, at,
                        extent->end, source->size - data_start);
    claim.start = data_start + extent->begin;
    claim.size = extent->end - extent->begin;
    if (!check_size(at, &claim, error))
        return false;
    sfm_claim_row_major(&claim);
    return sfm_tensor_file_claim(file, source, &claim, error);
}

// The tensors, sorted by where they begin, must follow each other to the end.
static bool check_layout(const SfmSource *source, uint64_t data_size, GArray *extents,
                         GError **error)
{
    uint64_t end = 0;

    if (extents->len > 0)
        qsort(extents->data, extents->len, sizeof(Extent), by_begin);
    for (guint i = 0; i < extents->len; i++) {
        const Extent *extent = &g_array_index(extents, Extent, i);
        if (extent->begin != end)
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: %s: begins at byte %" G_GUINT64_FORMAT
                            " of the data, %s at %" G_GUINT64_FORMAT,
                            source->path, extent->name, extent->begin,
                            extent->begin < end ? "inside the tensor that ends"
                                                : "behind a hole that starts",
                            end);
        end = extent->end;
    }
    if (end != data_size)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: %" G_GUINT64_FORMAT " bytes of data, of which the tensors take %" //
                        G_GUINT64_FORMAT,
                        source->path, data_size, end);
    return true;
}

static json_t *read_header(SfmSource *source, uint64_t *data_start, GError **error)
{
    uint64_t length;
    if (!sfm_source_read(source, 0, &length, LENGTH_SIZE, error))
        return NULL;
    length = GUINT64_FROM_LE(length);
    if (length > MAX_HEADER || length > source->size - LENGTH_SIZE) {
        sfm_fail(error, SFM_ERROR_BAD_FILE,
                 "%s: not safetensors, or cut off: a header of %" G_GUINT64_FORMAT
                 " bytes in a file of %" G_GUINT64_FORMAT,
                 source->path, length, source->size);
        return NULL;
    }

    g_autofree char *text = g_try_malloc((size_t)length + 1);
    if (!text) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for its header", source->path);
        return NULL;
    }
    if (!sfm_source_read(source, LENGTH_SIZE, text, (size_t)length, error))
        return NULL;
    *data_start = LENGTH_SIZE + length;
    return sfm_json_parse(source->path, text, (size_t)length, error);
}

bool sfm_safetensors_list(SfmTensorFile *file, SfmSource *source, GError **error)
{
    uint64_t data_start;
    g_autoptr(json_t) header = read_header(source, &data_start, error);
    if (!header)
        return false;

    g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(Extent));
    const char *name;
    json_t *value;
    json_object_foreach(header, name, value)
    {
        Extent extent = { .name = name };
        if (strcmp(name, "__metadata__") == 0)
            continue;
        if (!list_tensor(file, source, data_start, value, &extent, error))
            return false;
        g_array_append_val(extents, extent);
    }
    return check_layout(source, source->size - data_start, extents, error);
}
