// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_TORCH_ZIP_H
#define SFM_TESTS_TORCH_ZIP_H

#include <string.h>

#include <glib.h>

// Zip archives as torch.save() writes them, made by hand.
typedef struct {
    GByteArray *bytes, *directory;
    unsigned num_members;
} TorchZip;

static inline void zip_number(GByteArray *bytes, uint64_t value, int num_bytes)
{
    for (int i = 0; i < num_bytes; i++) {
        const guint8 byte = i < 8 ? (guint8)(value >> (8 * i)) : 0;
        g_byte_array_append(bytes, &byte, 1);
    }
}

static inline TorchZip zip_begin(void)
{
    return (TorchZip){ .bytes = g_byte_array_new(), .directory = g_byte_array_new() };
}

// A stored member; its header before the data leaves the sizes zero, as torch's
// does. `method` 0 is stored; bit 0 of `flags` is encrypted.
static inline void zip_add_as(TorchZip *zip, const char *name, const void *data, size_t size,
                              unsigned method, unsigned flags)
{
    const guint offset = zip->bytes->len;
    const size_t name_size = strlen(name);

    g_byte_array_append(zip->bytes, (const guint8 *)"PK\3\4", 4);
    zip_number(zip->bytes, 0, 2);
    zip_number(zip->bytes, flags, 2);
    zip_number(zip->bytes, method, 2);
    zip_number(zip->bytes, 0, 16); // time, sum and sizes
    zip_number(zip->bytes, name_size, 2);
    zip_number(zip->bytes, 5, 2); // an extra field, which pads
    g_byte_array_append(zip->bytes, (const guint8 *)name, (guint)name_size);
    g_byte_array_append(zip->bytes, (const guint8 *)"FB\1\0Z", 5);
    g_byte_array_append(zip->bytes, data, (guint)size);

    g_byte_array_append(zip->directory, (const guint8 *)"PK\1\2", 4);
    zip_number(zip->directory, 0, 4);
    zip_number(zip->directory, flags, 2);
    zip_number(zip->directory, method, 2);
    zip_number(zip->directory, 0, 8); // time and sum
    zip_number(zip->directory, size, 4);
    zip_number(zip->directory, size, 4);
    zip_number(zip->directory, name_size, 2);
    zip_number(zip->directory, 0, 12); // no extra, no comment, attributes
    zip_number(zip->directory, offset, 4);
    g_byte_array_append(zip->directory, (const guint8 *)name, (guint)name_size);
    zip->num_members++;
}

static inline void zip_add(TorchZip *zip, const char *name, const void *data, size_t size)
{
    zip_add_as(zip, name, data, size, 0, 0);
}

static inline GByteArray *zip_end(TorchZip *zip)
{
    const guint start = zip->bytes->len;
    g_byte_array_append(zip->bytes, zip->directory->data, zip->directory->len);
    g_byte_array_append(zip->bytes, (const guint8 *)"PK\5\6", 4);
    zip_number(zip->bytes, 0, 4);
    zip_number(zip->bytes, zip->num_members, 2);
    zip_number(zip->bytes, zip->num_members, 2);
    zip_number(zip->bytes, zip->directory->len, 4);
    zip_number(zip->bytes, start, 4);
    zip_number(zip->bytes, 0, 2); // no comment
    g_clear_pointer(&zip->directory, g_byte_array_unref);
    return g_steal_pointer(&zip->bytes);
}

// The instructions of a pickle, piece by piece.

#define PICKLE_START "\x80\2ccollections\nOrderedDict\n)R("
#define PICKLE_END   "u."

// BINUNICODE of a text that is a literal shorter than 256 bytes.
static inline void pickle_text(GByteArray *pickle, const char *text)
{
    g_byte_array_append(pickle, (const guint8 *)"X", 1);
    zip_number(pickle, strlen(text), 4);
    g_byte_array_append(pickle, (const guint8 *)text, (guint)strlen(text));
}

#define PICKLE_ADD(pickle, literal) \
    g_byte_array_append(pickle, (const guint8 *)(literal), sizeof(literal) - 1)

// What stands between a tensor's name and its first element: the call's
// function, and its storage of `length` elements.
static inline void pickle_storage(GByteArray *pickle, const char *storage_class, const char *key,
                                  uint32_t length)
{
    PICKLE_ADD(pickle, "ctorch._utils\n_rebuild_tensor_v2\n((");
    pickle_text(pickle, "storage");
    PICKLE_ADD(pickle, "ctorch\n");
    g_byte_array_append(pickle, (const guint8 *)storage_class, (guint)strlen(storage_class));
    PICKLE_ADD(pickle, "\n");
    pickle_text(pickle, key);
    pickle_text(pickle, "cpu");
    PICKLE_ADD(pickle, "J");
    zip_number(pickle, length, 4);
    PICKLE_ADD(pickle, "tQ");
}

// A matrix: its name, storage, first element, shape and strides.
static inline void pickle_matrix(GByteArray *pickle, const char *name, const char *storage_class,
                                 const char *key, uint32_t length, const uint32_t numbers[5])
{
    pickle_text(pickle, name);
    pickle_storage(pickle, storage_class, key, length);
    for (int i = 0; i < 5; i++) {
        PICKLE_ADD(pickle, "J");
        zip_number(pickle, numbers[i], 4);
        if (i == 2 || i == 4)
            PICKLE_ADD(pickle, "\x86"); // a tuple of two
    }
    PICKLE_ADD(pickle, "\x89"
                       "ccollections\nOrderedDict\n)RtR"); // no gradient, no hooks
}

#endif
