// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: a tensor that is in the list lies within its source, as
// large as that was when it was opened; so that reading can fail only when the
// file changes or the disk does.

#include <string.h>

#include "file/dtype.h"
#include "file/tensor_list.h"

// Bytes that are read at a time.
#define CHUNK (256 * 1024)

static void free_stored(SfmStoredTensor *stored)
{
    g_free((char *)stored->entry.name);
    g_free(stored);
}

void sfm_tensor_file_close(SfmTensorFile *file)
{
    if (!file)
        return;
    g_hash_table_unref(file->names);
    g_ptr_array_unref(file->tensors);
    g_ptr_array_unref(file->sources);
    g_free(file->path);
    g_free(file);
}

SfmTensorFile *sfm_tensor_file_open(const char *path, GError **error)
{
    g_autoptr(SfmTensorFile) file = g_new0(SfmTensorFile, 1);
    file->path = g_strdup(path);
    file->sources = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_source_close);
    file->tensors = g_ptr_array_new_with_free_func((GDestroyNotify)free_stored);
    file->names = g_hash_table_new(g_str_hash, g_str_equal);

    const bool opened = g_str_has_suffix(path, ".json") ? sfm_shards_list(file, error)
                                                        : sfm_tensor_file_add(file, path, error);
    return opened ? g_steal_pointer(&file) : NULL;
}

static bool is_zip(const uint8_t magic[8])
{
    return memcmp(magic, "PK\3\4", 4) == 0;
}

// torch.save() before 1.6, or any other pickle: PROTO and its number. The
// length of a safetensors header that starts so would be beyond all limits.
static bool is_bare_pickle(const uint8_t magic[8])
{
    return magic[0] == 0x80 && magic[1] >= 2 && magic[1] <= 5 && (magic[3] || magic[4]);
}

bool sfm_tensor_file_add(SfmTensorFile *file, const char *path, GError **error)
{
    SfmSource *source = sfm_source_open(path, error);
    if (!source)
        return false;
    g_ptr_array_add(file->sources, source);

    uint8_t magic[8];
    if (source->size == 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: the file is empty", path);
    if (!sfm_source_read(source, 0, magic, sizeof(magic), error))
        return false;
    if (is_zip(magic))
        return sfm_torch_file_list(file, source, error);
    if (is_bare_pickle(magic))
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s: a pickle without a zip around it, as torch wrote before 1.6; "
                        "save it again as safetensors",
                        path);
    return sfm_safetensors_list(file, source, error);
}

bool sfm_dims_count(int rank, const uint64_t dim[], size_t *count)
{
    size_t total = 1;
    bool empty = false;
    for (int i = 0; i < rank; i++) {
        empty |= dim[i] == 0;
        if (dim[i] > SIZE_MAX || (dim[i] > 0 && !g_size_checked_mul(&total, total, (size_t)dim[i])))
            return false;
    }
    *count = empty ? 0 : total;
    return true;
}

void sfm_claim_row_major(SfmTensorClaim *claim)
{
    uint64_t step = 1;
    for (int i = claim->rank - 1; i >= 0; i--) {
        claim->stride[i] = step;
        step *= MAX(claim->dim[i], 1); // cannot overflow where sfm_dims_count() did not
    }
}

// Dimensions of one element may have any stride.
static bool is_row_major(const SfmTensorClaim *claim)
{
    SfmTensorClaim plain = *claim;
    sfm_claim_row_major(&plain);
    for (int i = 0; i < claim->rank; i++) {
        if (claim->dim[i] > 1 && claim->stride[i] != plain.stride[i])
            return false;
    }
    return true;
}

// Elements from the first to the last of them, both included.
static bool find_span(const SfmTensorClaim *claim, uint64_t *span)
{
    uint64_t last = 0;
    for (int i = 0; i < claim->rank; i++) {
        uint64_t step;
        if (claim->dim[i] == 0) {
            *span = 0;
            return true;
        }
        if (!g_uint64_checked_mul(&step, claim->dim[i] - 1, claim->stride[i]) ||
            !g_uint64_checked_add(&last, last, step))
            return false;
    }
    return g_uint64_checked_add(span, last, 1);
}

static bool name_is_printable(const char *name)
{
    if (strlen(name) > 1000 || !g_utf8_validate(name, -1, NULL))
        return false;
    for (const char *c = name; *c; c = g_utf8_next_char(c)) {
        if (!g_unichar_isprint(g_utf8_get_char(c)))
            return false;
    }
    return true;
}

// The message's start: "PATH: NAME", fit to print.
static char *where(const SfmSource *source, const SfmTensorClaim *claim)
{
    g_autofree char *name = sfm_printable(claim->name);
    return g_strdup_printf("%s: %s", source->path, name);
}

static bool check_name(SfmTensorFile *file, const char *at, const SfmTensorClaim *claim,
                       GError **error)
{
    if (!name_is_printable(claim->name))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: not a name for a tensor", at);
    if (g_hash_table_contains(file->names, claim->name))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: stands there twice", at);
    return true;
}

// `*count` and `*span` of a tensor that lies within its storage and its file.
static bool check_extent(const SfmSource *source, const char *at, const SfmTensorClaim *claim,
                         size_t *count, uint64_t *span, GError **error)
{
    const uint64_t elements = claim->size / sfm_dtype_size(claim->dtype);

    if (claim->start > source->size || claim->size > source->size - claim->start)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: its data ends beyond the file's %" G_GUINT64_FORMAT " bytes", at,
                        source->size);
    if (!sfm_dims_count(claim->rank, claim->dim, count) || !find_span(claim, span))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: its shape is too large", at);
    if (*span > elements || claim->first > elements - *span || *count > elements)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: its %zu elements do not fit into its %" G_GUINT64_FORMAT
                        " bytes of data",
                        at, *count, claim->size);
    return true;
}

bool sfm_tensor_file_claim(SfmTensorFile *file, SfmSource *source, const SfmTensorClaim *claim,
                           GError **error)
{
    g_autofree char *at = where(source, claim);
    size_t count = 0;
    uint64_t span = 0;
    if (!check_name(file, at, claim, error) ||
        !check_extent(source, at, claim, &count, &span, error))
        return false;

    SfmStoredTensor *stored = g_new0(SfmStoredTensor, 1);
    stored->entry = (SfmTensorEntry){
        .name = g_strdup(claim->name),
        .dtype = claim->dtype,
        .rank = claim->rank,
        .count = count,
    };
    memcpy(stored->entry.dim, claim->dim, sizeof(claim->dim));
    memcpy(stored->stride, claim->stride, sizeof(claim->stride));
    stored->offset = claim->start + claim->first * sfm_dtype_size(claim->dtype);
    stored->span = span;
    stored->row_major = is_row_major(claim);
    stored->source = source;
    g_ptr_array_add(file->tensors, stored);
    g_hash_table_insert(file->names, (char *)stored->entry.name, stored);
    return true;
}

size_t sfm_tensor_file_num(const SfmTensorFile *file)
{
    return file->tensors->len;
}

const SfmTensorEntry *sfm_tensor_file_entry(const SfmTensorFile *file, size_t i)
{
    g_return_val_if_fail(i < file->tensors->len, NULL);
    return file->tensors->pdata[i];
}

const SfmTensorEntry *sfm_tensor_file_find(const SfmTensorFile *file, const char *name)
{
    return g_hash_table_lookup(file->names, name);
}

static bool read_row_major(const SfmStoredTensor *stored, float *out, GError **error)
{
    const SfmTensorEntry *entry = &stored->entry;
    const size_t size = sfm_dtype_size(entry->dtype);
    const size_t chunk = CHUNK / size;
    g_autofree uint8_t *bytes = g_malloc(MIN(CHUNK, MAX(entry->count, 1) * size));

    for (size_t done = 0; done < entry->count; done += chunk) {
        const size_t count = MIN(chunk, entry->count - done);
        if (!sfm_source_read(stored->source, stored->offset + done * size, bytes, count * size,
                             error))
            return false;
        sfm_dtype_to_float(entry->dtype, bytes, size, out + done, count);
    }
    return true;
}

// Takes elements out of `bytes`, the tensor's span, a row of the last dimension
// at a time.
static void put_rows(const SfmStoredTensor *stored, const uint8_t *bytes, float *out)
{
    const SfmTensorEntry *entry = &stored->entry;
    const int last = entry->rank - 1;
    const size_t size = sfm_dtype_size(entry->dtype);
    uint64_t index[SFM_MAX_RANK] = { 0 };
    int d;

    do {
        uint64_t offset = 0;
        for (int i = 0; i < last; i++)
            offset += index[i] * stored->stride[i];
        sfm_dtype_to_float(entry->dtype, bytes + offset * size, (size_t)stored->stride[last] * size,
                           out, (size_t)entry->dim[last]);
        out += entry->dim[last];
        for (d = last - 1; d >= 0 && ++index[d] == entry->dim[d]; d--)
            index[d] = 0;
    } while (d >= 0);
}

static bool read_strided(const SfmStoredTensor *stored, float *out, GError **error)
{
    const size_t bytes_size = (size_t)stored->span * sfm_dtype_size(stored->entry.dtype);
    g_autofree uint8_t *bytes = g_try_malloc(bytes_size);
    if (!bytes)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: %s: no memory for %zu bytes",
                        stored->source->path, stored->entry.name, bytes_size);
    if (!sfm_source_read(stored->source, stored->offset, bytes, bytes_size, error))
        return false;
    put_rows(stored, bytes, out);
    return true;
}

bool sfm_tensor_file_read(SfmTensorFile *file, const SfmTensorEntry *entry, float *out,
                          GError **error)
{
    const SfmStoredTensor *stored = (const SfmStoredTensor *)entry;
    if (entry->count == 0)
        return true;
    return stored->row_major ? read_row_major(stored, out, error)
                             : read_strided(stored, out, error);
}
