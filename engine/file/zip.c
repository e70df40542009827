// SPDX-License-Identifier: GPL-3.0-or-later
//
// The zip format's bare bones: the end record leads to the directory at the
// file's end, whose records lead to a local header before each member's data.
// Sizes in local headers are not looked at: torch leaves them zero. With ZIP64
// for files beyond 4 GiB.

#include "file/zip.h"

#include <string.h>

#define LOCAL_SIZE    30
#define RECORD_SIZE   46
#define END_SIZE      22
#define END64_SIZE    56
#define LOCATOR_SIZE  20
#define MAX_COMMENT   65535
#define MAX_DIRECTORY (64 * 1024 * 1024)

#define ENCRYPTED 1u // a bit of a record's flags

typedef struct {
    uint64_t start, size; // of the directory
} Directory;

static uint64_t number(const uint8_t *bytes, int num_bytes)
{
    uint64_t value = 0;
    for (int i = num_bytes - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static bool damaged(const SfmSource *source, const char *what, GError **error)
{
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: zip archive damaged or cut off: %s",
                    source->path, what);
}

// The end record, `*at`, is the last thing in the file but for a comment.
static bool find_end(SfmSource *source, uint8_t end[END_SIZE], uint64_t *at, GError **error)
{
    const size_t size = (size_t)MIN(source->size, END_SIZE + MAX_COMMENT);
    g_autofree uint8_t *tail = g_malloc(size);
    if (!sfm_source_read(source, source->size - size, tail, size, error))
        return false;

    for (size_t left = END_SIZE; left <= size; left++) {
        const uint8_t *record = tail + size - left;
        if (memcmp(record, "PK\5\6", 4) == 0 && number(record + 20, 2) == left - END_SIZE) {
            memcpy(end, record, END_SIZE);
            *at = source->size - left;
            return true;
        }
    }
    return damaged(source, "no end record", error);
}

// Large archives say where their directory is in a record of its own, to which
// a locator right before the end record leads.
static bool read_end64(SfmSource *source, uint64_t end_at, Directory *directory, GError **error)
{
    uint8_t locator[LOCATOR_SIZE], end[END64_SIZE];
    if (end_at < LOCATOR_SIZE)
        return true;
    if (!sfm_source_read(source, end_at - LOCATOR_SIZE, locator, LOCATOR_SIZE, error))
        return false;
    if (memcmp(locator, "PK\6\7", 4) != 0)
        return true;

    if (!sfm_source_read(source, number(locator + 8, 8), end, END64_SIZE, error))
        return false;
    if (memcmp(end, "PK\6\6", 4) != 0)
        return damaged(source, "no ZIP64 end record", error);
    directory->size = number(end + 40, 8);
    directory->start = number(end + 48, 8);
    return true;
}

static bool find_directory(SfmSource *source, Directory *directory, GError **error)
{
    uint8_t end[END_SIZE];
    uint64_t end_at = 0;
    if (!find_end(source, end, &end_at, error))
        return false;
    directory->size = number(end + 12, 4);
    directory->start = number(end + 16, 4);
    if (!read_end64(source, end_at, directory, error))
        return false;
    if (directory->start > end_at || directory->size > end_at - directory->start ||
        directory->size > MAX_DIRECTORY)
        return damaged(source, "its directory lies outside", error);
    return true;
}

// Numbers that do not fit into a record's four bytes stand in an extra field of
// kind 1, in the record's order, only those that do not fit.
static bool read_extra(const uint8_t *extra, size_t size, uint64_t *values[], size_t num_values)
{
    size_t next = 0;
    while (size >= 4) {
        const uint64_t kind = number(extra, 2), length = number(extra + 2, 2);
        if (length > size - 4)
            return false;
        for (size_t at = 0; kind == 1 && at + 8 <= length && next < num_values; at += 8)
            *values[next++] = number(extra + 4 + at, 8);
        extra += 4 + length;
        size -= 4 + length;
    }
    return next == num_values;
}

// What one record of the directory says.
typedef struct {
    char *name; // owned
    uint64_t size, packed_size, local;
    size_t record_size;
} Record;

static bool read_sizes(const uint8_t *bytes, size_t name_size, size_t extra_size, Record *record)
{
    uint64_t *values[3];
    size_t num_values = 0;
    record->packed_size = number(bytes + 20, 4);
    record->size = number(bytes + 24, 4);
    record->local = number(bytes + 42, 4);
    if (record->size == UINT32_MAX)
        values[num_values++] = &record->size;
    if (record->packed_size == UINT32_MAX)
        values[num_values++] = &record->packed_size;
    if (record->local == UINT32_MAX)
        values[num_values++] = &record->local;
    return read_extra(bytes + RECORD_SIZE + name_size, extra_size, values, num_values) ||
           num_values == 0;
}

static bool read_record(const SfmSource *source, const uint8_t *bytes, size_t left, Record *record,
                        GError **error)
{
    if (left < RECORD_SIZE || memcmp(bytes, "PK\1\2", 4) != 0)
        return damaged(source, "not a record in its directory", error);
    const size_t name_size = number(bytes + 28, 2), extra_size = number(bytes + 30, 2);
    record->record_size = RECORD_SIZE + name_size + extra_size + (size_t)number(bytes + 32, 2);
    if (record->record_size > left)
        return damaged(source, "a record is longer than its directory", error);
    if (!read_sizes(bytes, name_size, extra_size, record))
        return damaged(source, "a record without its ZIP64 sizes", error);

    record->name = g_strndup((const char *)bytes + RECORD_SIZE, name_size);
    const bool encrypted = number(bytes + 8, 2) & ENCRYPTED;
    const bool packed = number(bytes + 10, 2) != 0 || record->packed_size != record->size;
    if (encrypted || packed) {
        g_autofree char *name = sfm_printable(record->name);
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: %s: %s member of a zip archive",
                        source->path, name, encrypted ? "an encrypted" : "a compressed");
    }
    return true;
}

// Finds the member's data behind its local header, before the directory.
static bool locate(SfmSource *source, const Record *record, uint64_t directory_start,
                   SfmZipMember *member, GError **error)
{
    uint8_t local[LOCAL_SIZE];
    if (!sfm_source_read(source, record->local, local, LOCAL_SIZE, error))
        return false;
    if (memcmp(local, "PK\3\4", 4) != 0)
        return damaged(source, "a member without a header", error);
    member->start = record->local + LOCAL_SIZE + number(local + 26, 2) + number(local + 28, 2);
    member->size = record->size;
    if (member->start > directory_start || member->size > directory_start - member->start)
        return damaged(source, "a member reaches into the directory", error);
    return true;
}

static bool add_member(SfmSource *source, const Record *record, uint64_t directory_start,
                       GHashTable *members, GError **error)
{
    SfmZipMember *member = g_new0(SfmZipMember, 1);
    const bool added = g_hash_table_insert(members, g_strdup(record->name), member);
    if (!added)
        return damaged(source, "two members of one name", error);
    return locate(source, record, directory_start, member, error);
}

static bool list_directory(SfmSource *source, const Directory *directory, GHashTable *members,
                           GError **error)
{
    g_autofree uint8_t *bytes = g_try_malloc((size_t)directory->size + 1);
    if (!bytes)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for its directory",
                        source->path);
    if (!sfm_source_read(source, directory->start, bytes, (size_t)directory->size, error))
        return false;

    for (size_t at = 0; at < directory->size;) {
        Record record = { 0 };
        const bool added =
            read_record(source, bytes + at, (size_t)directory->size - at, &record, error) &&
            add_member(source, &record, directory->start, members, error);
        g_free(record.name);
        if (!added)
            return false;
        at += record.record_size;
    }
    return true;
}

GHashTable *sfm_zip_list(SfmSource *source, GError **error)
{
    g_autoptr(GHashTable) members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Directory directory;
    if (!find_directory(source, &directory, error) ||
        !list_directory(source, &directory, members, error))
        return NULL;
    return g_steal_pointer(&members);
}
