// SPDX-License-Identifier: GPL-3.0-or-later
//
// torch.save() since 1.6: a zip archive that holds NAME/data.pkl, which describes
// the tensors, NAME/data/KEY for each storage, and NAME/byteorder.

#include <string.h>

#include "file/dtype.h"
#include "file/pickle.h"
#include "file/tensor_list.h"
#include "file/zip.h"

#define MAX_PICKLE (1024 * 1024) // 150 tensors need 16 kB

// "NAME/", the folder of the archive's only pickle. Owned by the caller.
static char *find_folder(const SfmSource *source, GHashTable *members, GError **error)
{
    GHashTableIter iter;
    gpointer name;
    const char *found = NULL;

    g_hash_table_iter_init(&iter, members);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        const char *slash = strchr(name, '/');
        if (!slash || strcmp(slash, "/data.pkl") != 0)
            continue;
        if (found) {
            sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: more than one data.pkl", source->path);
            return NULL;
        }
        found = name;
    }
    if (!found) {
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: a zip archive, but not torch's: no data.pkl",
                 source->path);
        return NULL;
    }
    return g_strndup(found, (gsize)(strchr(found, '/') - found) + 1);
}

static SfmZipMember *find_member(GHashTable *members, const char *folder, const char *name)
{
    g_autofree char *path = g_strconcat(folder, name, NULL);
    return g_hash_table_lookup(members, path);
}

// Absent in older files, which are little-endian.
static bool check_byte_order(SfmSource *source, GHashTable *members, const char *folder,
                             GError **error)
{
    char order[6];
    const SfmZipMember *member = find_member(members, folder, "byteorder");
    if (!member)
        return true;
    if (member->size == sizeof(order)) {
        if (!sfm_source_read(source, member->start, order, sizeof(order), error))
            return false;
        if (memcmp(order, "little", sizeof(order)) == 0)
            return true;
    }
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: byteorder: only little is supported",
                    source->path);
}

// What claim_tensor() needs beside the tensor.
typedef struct {
    SfmTensorFile *file;
    SfmSource *source;
    GHashTable *members;
    const char *folder;
} Archive;

static bool check_storage(const SfmSource *source, const SfmPickledTensor *tensor,
                          const SfmZipMember *member, GError **error)
{
    g_autofree char *name = sfm_printable(tensor->name);
    uint64_t size;

    if (!member) {
        g_autofree char *key = sfm_printable(tensor->storage);
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: its data, data/%s, is missing",
                        source->path, name, key);
    }
    if (!g_uint64_checked_mul(&size, tensor->length, sfm_dtype_size(tensor->dtype)) ||
        size != member->size)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: %s: its data has %" G_GUINT64_FORMAT " bytes, not %" G_GUINT64_FORMAT
                        " elements",
                        source->path, name, member->size, tensor->length);
    return true;
}

static bool claim_tensor(const SfmPickledTensor *tensor, void *user, GError **error)
{
    const Archive *archive = user;
    g_autofree char *data = g_strconcat("data/", tensor->storage, NULL);
    const SfmZipMember *member = find_member(archive->members, archive->folder, data);
    if (!check_storage(archive->source, tensor, member, error))
        return false;

    SfmTensorClaim claim = {
        .name = tensor->name,
        .dtype = tensor->dtype,
        .rank = tensor->rank,
        .start = member->start,
        .size = member->size,
        .first = tensor->first,
    };
    memcpy(claim.dim, tensor->dim, sizeof(claim.dim));
    memcpy(claim.stride, tensor->stride, sizeof(claim.stride));
    return sfm_tensor_file_claim(archive->file, archive->source, &claim, error);
}

static bool read_pickle(Archive *archive, GError **error)
{
    SfmSource *source = archive->source;
    const SfmZipMember *member = find_member(archive->members, archive->folder, "data.pkl");
    if (member->size > MAX_PICKLE)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: data.pkl: %" G_GUINT64_FORMAT
                        " bytes are more than the %d that are read",
                        source->path, member->size, MAX_PICKLE);

    g_autofree uint8_t *bytes = g_malloc((size_t)member->size + 1);
    return sfm_source_read(source, member->start, bytes, (size_t)member->size, error) &&
           sfm_pickle_read(source->path, bytes, (size_t)member->size, claim_tensor, archive, error);
}

bool sfm_torch_file_list(SfmTensorFile *file, SfmSource *source, GError **error)
{
    g_autoptr(GHashTable) members = sfm_zip_list(source, error);
    g_autofree char *folder = members ? find_folder(source, members, error) : NULL;
    Archive archive = { file, source, members, folder };

    return folder && check_byte_order(source, members, folder, error) &&
           read_pickle(&archive, error);
}
