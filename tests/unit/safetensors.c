// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files written by hand, byte by byte, and what becomes of them.

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "file/tensor_file.h"
#include "scratch.h"

// Length, header, data.
static GByteArray *compose(const char *header, const void *data, size_t size)
{
    GByteArray *bytes = g_byte_array_new();
    const uint64_t length = GUINT64_TO_LE((uint64_t)strlen(header));
    g_byte_array_append(bytes, (const guint8 *)&length, 8);
    g_byte_array_append(bytes, (const guint8 *)header, (guint)strlen(header));
    g_byte_array_append(bytes, data, (guint)size);
    return bytes;
}

static char *save(GByteArray *bytes)
{
    return scratch_file("a.safetensors", bytes->data, bytes->len);
}

// A file with `size` zeros for data.
static char *save_zeros(const char *header, size_t size)
{
    g_autofree uint8_t *zeros = g_malloc0(size + 1);
    g_autoptr(GByteArray) bytes = compose(header, zeros, size);
    return save(bytes);
}

static void assert_bad(const char *header, size_t size, int code, const char *part)
{
    g_autofree char *path = save_zeros(header, size);
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_tensor_file_open(path, &error));
    g_assert_nonnull(strstr(error->message, path));
    assert_refused(&error, code, part);
}

static SfmTensorFile *open_good(const char *path)
{
    g_autoptr(GError) error = NULL;
    SfmTensorFile *file = sfm_tensor_file_open(path, &error);
    g_assert_no_error(error);
    return file;
}

static void widens_every_dtype_exactly(void)
{
    static const uint8_t data[] = {
        0x00, 0x00, 0xc0, 0xbf,                         // F32 -1.5
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x40, // F64 2.5
        0x00, 0x3c, 0x01, 0x00, 0xff, 0xfb, 0x00, 0x80, // F16 1, 2^-24, -65504, -0
        0x80, 0x3f, 0x49, 0xc0,                         // BF16 1, -3.140625
        0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // I64 -2
        0x00, 0x00, 0x00, 0x80,                         // I32 -2^31
        0xff,                                           // U8 255
    };
    static const struct {
        const char *name;
        size_t count;
        float values[4];
    } want[] = {
        { "a", 1, { -1.5f } },
        { "b", 1, { 2.5f } },
        { "c", 4, { 1, 0x1p-24f, -65504, -0.0f } },
        { "d", 2, { 1, -3.140625f } },
        { "e", 1, { -2 } },
        { "f", 1, { -0x1p31f } },
        { "g", 1, { 255 } },
    };
    g_autoptr(GByteArray) bytes =
        compose("{\"__metadata__\":{\"format\":\"pt\"},"
                "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                "\"b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[4,12]},"
                "\"c\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[12,20]},"
                "\"d\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[20,24]},"
                "\"e\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[24,32]},"
                "\"f\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[32,36]},"
                "\"g\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[36,37]}}  ",
                data, sizeof(data));
    g_autofree char *path = save(bytes);
    g_autoptr(SfmTensorFile) file = open_good(path);

    g_assert_cmpuint(sfm_tensor_file_num(file), ==, G_N_ELEMENTS(want));
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
        const SfmTensorEntry *entry = sfm_tensor_file_find(file, want[i].name);
        float got[4];
        g_assert_nonnull(entry);
        g_assert_cmpuint(entry->count, ==, want[i].count);
        g_assert_true(sfm_tensor_file_read(file, entry, got, NULL));
        g_assert_cmpmem(got, want[i].count * sizeof(float), want[i].values,
                        want[i].count * sizeof(float));
    }
    g_assert_null(sfm_tensor_file_find(file, "h"));
    g_assert_null(sfm_tensor_file_find(file, "__metadata__"));
}

static void reads_infinities_and_nan_of_half_floats(void)
{
    static const uint8_t data[] = { 0x00, 0x7c, 0x00, 0xfc, 0x01, 0x7c };
    g_autoptr(GByteArray) bytes =
        compose("{\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]}}", data, 6);
    g_autofree char *path = save(bytes);
    g_autoptr(SfmTensorFile) file = open_good(path);
    float got[3];

    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_entry(file, 0), got, NULL));
    g_assert_true(got[0] == INFINITY && got[1] == -INFINITY && isnan(got[2]));
}

static void tensors_may_lie_in_any_order_and_be_empty(void)
{
    static const uint8_t data[] = { 1, 2, 3 };
    g_autoptr(GByteArray) bytes =
        compose("{\"late\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]},"
                "\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[2,2]},"
                "\"early\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}",
                data, 3);
    g_autofree char *path = save(bytes);
    g_autoptr(SfmTensorFile) file = open_good(path);
    float got = 0;

    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "late"), &got, NULL));
    g_assert_cmpfloat(got, ==, 3);
    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "none"), NULL, NULL));
}

#define TWO_TENSORS                                                    \
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}," \
    "\"b\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]}}"

static void a_file_cut_off_anywhere_is_refused(void)
{
    g_autofree uint8_t *zeros = g_malloc0(15);
    g_autoptr(GByteArray) bytes = compose(TWO_TENSORS, zeros, 15);

    for (guint size = 0; size <= bytes->len; size++) {
        g_autofree char *path = scratch_file("cut.safetensors", bytes->data, size);
        g_autoptr(GError) error = NULL;
        g_autoptr(SfmTensorFile) file = sfm_tensor_file_open(path, &error);
        const bool whole = size + 1 == bytes->len; // the last byte is one too many
        g_assert_true(whole == (file != NULL));
        if (!whole)
            assert_refused(&error, SFM_ERROR_BAD_FILE, "cut.safetensors: ");
    }
}

static void missing_and_empty_files_are_told_apart(void)
{
    g_autofree char *missing = g_build_filename(scratch, "missing", NULL);
    g_autofree char *empty = scratch_file("empty", "", 0);
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_tensor_file_open(missing, &error));
    assert_refused(&error, SFM_ERROR_NOT_FOUND, "/missing: ");
    g_assert_null(sfm_tensor_file_open(empty, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "/empty: the file is empty");
    g_assert_null(sfm_tensor_file_open(scratch, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "not a regular file");
}

static void a_huge_header_is_refused_before_it_is_read(void)
{
    static const uint64_t lengths[] = { 9, 1 << 30, UINT64_MAX, INT64_MAX, UINT64_MAX - 7 };
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        uint64_t words[2] = { GUINT64_TO_LE(lengths[i]), 0 };
        g_autofree char *path = scratch_file("huge", words, sizeof(words));
        g_autoptr(GError) error = NULL;
        g_assert_null(sfm_tensor_file_open(path, &error));
        assert_refused(&error, SFM_ERROR_BAD_FILE, "huge: not safetensors, or cut off: a header");
    }
}

#define U8(name, shape, begin, end) \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static void data_must_follow_without_overlap_or_hole(void)
{
    const int code = SFM_ERROR_BAD_FILE;
    assert_bad("{" U8("a", "[4]", 0, 4) "," U8("b", "[4]", 2, 6) "}", 6, code,
               "b: begins at byte 2 of the data, inside the tensor that ends at 4");
    assert_bad("{" U8("a", "[4]", 0, 4) "," U8("b", "[4]", 0, 4) "}", 4, code, "b: begins");
    assert_bad("{" U8("a", "[2]", 0, 2) "," U8("b", "[2]", 3, 5) "}", 5, code,
               "b: begins at byte 3 of the data, behind a hole that starts at 2");
    assert_bad("{" U8("a", "[2]", 0, 2) "}", 3, code,
               "3 bytes of data, of which the tensors take 2");
    assert_bad("{" U8("a", "[4]", 0, 4) "}", 3, code, "a: its data ends at byte 4 of 3");
    assert_bad("{" U8("a", "[0]", 9, 9) "}", 3, code, "a: its data ends at byte 9 of 3");
    assert_bad("{" U8("a", "[4]", 4, 0) "}", 4, code,
               "a: data_offsets: not a beginning and an end");
}

static void shape_and_size_must_agree(void)
{
    const int code = SFM_ERROR_BAD_FILE;
    assert_bad("{" U8("a", "[5]", 0, 4) "}", 4, code,
               "a: data_offsets: 4 bytes where dtype and shape need 5");
    assert_bad("{" U8("a", "[2,3]", 0, 4) "}", 4, code, "need 6");
    assert_bad("{" U8("a", "[4294967296,4294967296]", 0, 0) "}", 0, code, "shape is too large");
    assert_bad("{" U8("a", "[9223372036854775807,9223372036854775807,0,3]", 0, 0) "}", 0, code,
               "shape is too large");
    assert_bad("{" U8("a", "[-1]", 0, 4) "}", 4, code, "a: shape: not a list of sizes");
    assert_bad("{" U8("a", "[1.5]", 0, 4) "}", 4, code, "a: shape: not a list of sizes");
    assert_bad("{" U8("a", "4", 0, 4) "}", 4, code, "a: shape: missing, or not a list");
    assert_bad("{" U8("a", "[1,1,1,1,1,1,1,1,4]", 0, 4) "}", 4, SFM_ERROR_UNSUPPORTED,
               "a: shape: more than 8 dimensions");
}

static void fields_must_be_what_they_should(void)
{
    const int code = SFM_ERROR_BAD_FILE;
    assert_bad("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8,
               SFM_ERROR_UNSUPPORTED, "a: dtype: 'C64' is not supported");
    assert_bad("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,8]}}", 8, code, "a: dtype: ");
    assert_bad("{\"a\":{\"shape\":[1],\"data_offsets\":[0,8]}}", 8, code, "a: dtype: missing");
    assert_bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, code, "a: data_offsets: ");
    assert_bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, code,
               "a: data_offsets: ");
    assert_bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[-1,0]}}", 1, code,
               "a: data_offsets: ");
    assert_bad("{\"a\":[]}", 0, code, "a: not an object");
}

static void the_header_is_strict_json(void)
{
    assert_bad("{\"a\":", 0, SFM_ERROR_BAD_FILE, "not JSON");
    assert_bad("[]", 0, SFM_ERROR_BAD_FILE, "not a JSON object");
    assert_bad("{" U8("a", "[1]", 0, 1) "," U8("a", "[1]", 1, 2) "}", 2, SFM_ERROR_BAD_FILE,
               "duplicate");
    assert_bad("{" U8("a\\u001b", "[1]", 0, 1) "}", 1, SFM_ERROR_BAD_FILE,
               "a?: not a name for a tensor");
}

static void a_file_that_changes_after_it_was_opened_is_an_error(void)
{
    g_autofree char *path = save_zeros(TWO_TENSORS, 14);
    g_autoptr(SfmTensorFile) file = open_good(path);
    g_autoptr(GError) error = NULL;
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, "b");
    float got[3];

    g_assert_true(sfm_tensor_file_read(file, entry, got, NULL));
    FILE *other = g_fopen(path, "r+");
    g_assert_cmpint(fseek(other, 0, SEEK_END), ==, 0);
    g_assert_cmpint(fputc('x', other), ==, 'x');
    g_assert_cmpint(fclose(other), ==, 0);
    g_assert_false(sfm_tensor_file_read(file, entry, got, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "changed while it was read");

    g_assert_cmpint(truncate(path, 20), ==, 0);
    g_assert_false(sfm_tensor_file_read(file, entry, got, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "cut off at byte");
}

static void what_is_written_reads_back(void)
{
    const float a[] = { 1, -2.5f, INFINITY }, b[] = { 0x1p-149f };
    const SfmTensorOut tensors[] = {
        { .name = "a", .rank = 2, .dim = { 3, 1 }, .data = a },
        { .name = "b", .rank = 0, .data = b },
        { .name = "none", .rank = 1, .dim = { 0 } },
    };
    g_autofree char *path = g_build_filename(scratch, "out.safetensors", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(sfm_safetensors_write(path, tensors, G_N_ELEMENTS(tensors), &error));
    g_assert_no_error(error);
    g_autoptr(SfmTensorFile) file = open_good(path);
    float got[3];
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, "a");
    g_assert_true(entry->rank == 2 && entry->dim[0] == 3 && entry->dim[1] == 1);
    g_assert_true(sfm_tensor_file_read(file, entry, got, NULL));
    g_assert_cmpmem(got, sizeof(a), a, sizeof(a));
    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "b"), got, NULL));
    g_assert_cmpmem(got, sizeof(b), b, sizeof(b));
    g_assert_cmpuint(sfm_tensor_file_find(file, "none")->count, ==, 0);

    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_assert_cmpuint((size - 4 * sizeof(float)) % 8, ==, 0); // the data is aligned
}

static void nothing_is_written_when_it_cannot_be(void)
{
    const float a = 1;
    const SfmTensorOut twice[] = {
        { .name = "a", .rank = 1, .dim = { 1 }, .data = &a },
        { .name = "a", .rank = 1, .dim = { 1 }, .data = &a },
    };
    g_autofree char *path = g_build_filename(scratch, "twice.safetensors", NULL);
    g_autofree char *nowhere = g_build_filename(scratch, "nowhere", "a.safetensors", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_safetensors_write(path, twice, 2, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "twice.safetensors: ");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_false(sfm_safetensors_write(nowhere, twice, 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "nowhere/a.safetensors: cannot be written: ");
}

// Two shards, "a" in the first and "b" in the second; `index` lists them.
static SfmTensorFile *open_shards(const char *index, GError **error)
{
    static const uint8_t zero[1];
    g_autoptr(GByteArray) a = compose("{" U8("a", "[1]", 0, 1) "}", zero, 1);
    g_autoptr(GByteArray) b = compose("{" U8("b", "[1]", 0, 1) "}", zero, 1);
    g_free(scratch_file("m-1.safetensors", a->data, a->len));
    g_free(scratch_file("m-2.safetensors", b->data, b->len));
    g_autofree char *path = scratch_text("m.safetensors.index.json", index);
    return sfm_tensor_file_open(path, error);
}

static void assert_bad_shards(const char *index, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(open_shards(index, &error));
    assert_refused(&error, code, part);
}

static void shards_read_as_one_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmTensorFile) file = open_shards(
        "{\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-2.safetensors\"}}", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sfm_tensor_file_num(file), ==, 2);
    g_assert_nonnull(sfm_tensor_file_find(file, "a"));
    g_assert_nonnull(sfm_tensor_file_find(file, "b"));
}

static void shards_must_hold_what_the_index_says(void)
{
    const int code = SFM_ERROR_BAD_FILE;
    assert_bad_shards("{}", code, "weight_map: missing");
    assert_bad_shards("{\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-1.safetensors\"}}",
                      code, "b is not in m-1.safetensors");
    assert_bad_shards("{\"weight_map\":{\"a\":\"m-2.safetensors\",\"b\":\"m-1.safetensors\"}}",
                      code, "a is in m-1.safetensors, which it does not say");
    assert_bad_shards("{\"weight_map\":{\"a\":\"m-3.safetensors\"}}", SFM_ERROR_NOT_FOUND,
                      "m-3.safetensors: ");
    assert_bad_shards("{\"weight_map\":{\"a\":\"../m-1.safetensors\"}}", code,
                      "'../m-1.safetensors' is not the name of a file beside it");
    assert_bad_shards("{\"weight_map\":{\"a\":\"/etc/passwd\"}}", code, "is not the name");
    assert_bad_shards("{\"weight_map\":{\"a\":\"..\"}}", code, "is not the name");
    assert_bad_shards("{\"weight_map\":{\"a\":1}}", code, "1 is not the name");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/file/safetensors/" #name, name)
    TEST(widens_every_dtype_exactly);
    TEST(reads_infinities_and_nan_of_half_floats);
    TEST(tensors_may_lie_in_any_order_and_be_empty);
    TEST(a_file_cut_off_anywhere_is_refused);
    TEST(missing_and_empty_files_are_told_apart);
    TEST(a_huge_header_is_refused_before_it_is_read);
    TEST(data_must_follow_without_overlap_or_hole);
    TEST(shape_and_size_must_agree);
    TEST(fields_must_be_what_they_should);
    TEST(the_header_is_strict_json);
    TEST(a_file_that_changes_after_it_was_opened_is_an_error);
    TEST(what_is_written_reads_back);
    TEST(nothing_is_written_when_it_cannot_be);
    TEST(shards_read_as_one_file);
    TEST(shards_must_hold_what_the_index_says);
    const int result = g_test_run();
    scratch_close();
    return result;
}
