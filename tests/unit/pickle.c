// SPDX-License-Identifier: GPL-3.0-or-later
//
// torch's .bin files, written by hand, byte by byte, and what becomes of them.

#include "file/tensor_file.h"
#include "scratch.h"
#include "torch_zip.h"

// Floats 0 to 7.
static const uint8_t floats[] = {
    0, 0, 0,    0,    0, 0, 0x80, 0x3f, 0, 0, 0,    0x40, 0, 0, 0x40, 0x40,
    0, 0, 0x80, 0x40, 0, 0, 0xa0, 0x40, 0, 0, 0xc0, 0x40, 0, 0, 0xe0, 0x40,
};

// An archive of that pickle and of storage 0, the floats above.
static GByteArray *compose(const void *pickle, size_t size)
{
    TorchZip zip = zip_begin();
    zip_add(&zip, "m/data.pkl", pickle, size);
    zip_add(&zip, "m/byteorder", "little", 6);
    zip_add(&zip, "m/data/0", floats, sizeof(floats));
    return zip_end(&zip);
}

static SfmTensorFile *open_bytes(GByteArray *bytes, GError **error)
{
    g_autofree char *path = scratch_file("m.bin", bytes->data, bytes->len);
    return sfm_tensor_file_open(path, error);
}

static SfmTensorFile *open_pickle(const void *pickle, size_t size, GError **error)
{
    g_autoptr(GByteArray) bytes = compose(pickle, size);
    return open_bytes(bytes, error);
}

static void assert_bad_bytes(GByteArray *bytes, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(open_bytes(bytes, &error));
    assert_refused(&error, code, part);
}

static void assert_bad_pickle(const void *pickle, size_t size, int code, const char *part)
{
    g_autoptr(GByteArray) bytes = compose(pickle, size);
    assert_bad_bytes(bytes, code, part);
}

#define ASSERT_BAD_PICKLE(literal, code, part) \
    assert_bad_pickle(literal, sizeof(literal) - 1, code, part)

// A dict of one matrix in storage 0, which is said to have `length` floats.
static GByteArray *one_matrix(uint32_t length, const uint32_t numbers[5])
{
    GByteArray *pickle = g_byte_array_new();
    PICKLE_ADD(pickle, PICKLE_START);
    pickle_matrix(pickle, "w", "FloatStorage", "0", length, numbers);
    PICKLE_ADD(pickle, PICKLE_END);
    return pickle;
}

static void assert_matrix(const uint32_t numbers[5], const float *want)
{
    g_autoptr(GByteArray) pickle = one_matrix(8, numbers);
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmTensorFile) file = open_pickle(pickle->data, pickle->len, &error);
    float got[8];

    g_assert_no_error(error);
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, "w");
    g_assert_nonnull(entry);
    g_assert_true(entry->rank == 2 && entry->dim[0] == numbers[1] && entry->dim[1] == numbers[2]);
    g_assert_true(sfm_tensor_file_read(file, entry, got, &error));
    g_assert_cmpmem(got, entry->count * sizeof(float), want, entry->count * sizeof(float));
}

// Element (y, x) is number first + stride_y * y + stride_x * x of the storage.
static void offset_and_strides_are_honoured(void)
{
    assert_matrix((uint32_t[]){ 0, 2, 4, 4, 1 }, (float[]){ 0, 1, 2, 3, 4, 5, 6, 7 });
    assert_matrix((uint32_t[]){ 2, 2, 3, 3, 1 }, (float[]){ 2, 3, 4, 5, 6, 7 });
    assert_matrix((uint32_t[]){ 0, 4, 2, 1, 4 }, (float[]){ 0, 4, 1, 5, 2, 6, 3, 7 });
    assert_matrix((uint32_t[]){ 1, 3, 2, 2, 2 }, (float[]){ 1, 3, 3, 5, 5, 7 });
    assert_matrix((uint32_t[]){ 7, 1, 1, 99, 99 }, (float[]){ 7 });
    assert_matrix((uint32_t[]){ 8, 0, 2, 2, 1 }, NULL);
}

static void elements_outside_the_storage_are_refused(void)
{
    static const struct {
        uint32_t length, numbers[5];
        const char *part;
    } cases[] = {
        { 8, { 1, 2, 4, 4, 1 }, "w: its 8 elements do not fit into its 32 bytes of data" },
        { 8, { 0, 2, 4, 5, 1 }, "w: its 8 elements do not fit" },
        { 8, { 9, 0, 2, 2, 1 }, "w: its 0 elements do not fit" },
        { 8, { 0, 9, 1, 0, 1 }, "w: its 9 elements do not fit" },
        { 8, { 0, 0x7fffffff, 0x7fffffff, 0, 0 }, "w: its " },
        { 8, { 0, 2, 2, 0x7fffffff, 0x7fffffff }, "w: its 4 elements do not fit" },
        { 8, { 0xffffffff, 1, 1, 1, 1 }, "not the description of a tensor" },
        { 8, { 0, 0xffffffff, 1, 1, 1 }, "not the description of a tensor" },
        { 8, { 0, 2, 2, 0xffffffff, 1 }, "not the description of a tensor" },
        { 9, { 0, 2, 4, 4, 1 }, "w: its data has 32 bytes, not 9 elements" },
        { 0xffffffff, { 0, 2, 4, 4, 1 }, "not the description of a storage" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) pickle = one_matrix(cases[i].length, cases[i].numbers);
        assert_bad_pickle(pickle->data, pickle->len, SFM_ERROR_BAD_FILE, cases[i].part);
    }
}

static void two_tensors_may_share_a_storage(void)
{
    g_autoptr(GByteArray) pickle = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    PICKLE_ADD(pickle, PICKLE_START);
    pickle_matrix(pickle, "a", "FloatStorage", "0", 8, (uint32_t[]){ 0, 1, 2, 2, 1 });
    pickle_matrix(pickle, "b", "FloatStorage", "0", 8, (uint32_t[]){ 1, 1, 2, 2, 1 });
    PICKLE_ADD(pickle, PICKLE_END);
    g_autoptr(SfmTensorFile) file = open_pickle(pickle->data, pickle->len, &error);
    g_assert_no_error(error);
    float got[2];
    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "b"), got, NULL));
    g_assert_true(got[0] == 1 && got[1] == 2);
}

static void a_name_may_stand_once(void)
{
    g_autoptr(GByteArray) pickle = g_byte_array_new();
    PICKLE_ADD(pickle, PICKLE_START);
    for (int i = 0; i < 2; i++)
        pickle_matrix(pickle, "a", "FloatStorage", "0", 8, (uint32_t[]){ 0, 1, 2, 2, 1 });
    PICKLE_ADD(pickle, PICKLE_END);
    assert_bad_pickle(pickle->data, pickle->len, SFM_ERROR_BAD_FILE, "a: stands there twice");
}

// 1 and -2 in every type.
static void every_storage_class_has_its_dtype(void)
{
    static const struct {
        const char *storage_class, *bytes;
        size_t size;
        float second;
    } cases[] = {
        { "FloatStorage", "\0\0\x80\x3f\0\0\0\xc0", 8, -2 },
        { "DoubleStorage", "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0", 16, -2 },
        { "HalfStorage", "\0\x3c\0\xc0", 4, -2 },
        { "BFloat16Storage", "\x80\x3f\0\xc0", 4, -2 },
        { "LongStorage", "\1\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff", 16, -2 },
        { "IntStorage", "\1\0\0\0\xfe\xff\xff\xff", 8, -2 },
        { "ByteStorage", "\1\xfe", 2, 254 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) pickle = g_byte_array_new();
        g_autoptr(GError) error = NULL;
        float got[2];
        PICKLE_ADD(pickle, PICKLE_START);
        pickle_matrix(pickle, "a", cases[i].storage_class, "0", 2, (uint32_t[]){ 0, 1, 2, 2, 1 });
        PICKLE_ADD(pickle, PICKLE_END);
        TorchZip zip = zip_begin();
        zip_add(&zip, "m/data.pkl", pickle->data, pickle->len);
        zip_add(&zip, "m/data/0", cases[i].bytes, cases[i].size);
        g_autoptr(GByteArray) bytes = zip_end(&zip);
        g_autoptr(SfmTensorFile) file = open_bytes(bytes, &error);
        g_assert_no_error(error);
        g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "a"), got, NULL));
        g_assert_true(got[0] == 1 && got[1] == cases[i].second);
    }
}

// As a module's own state dict is pickled: parameters in a wrapper, and a state
// with versions behind the items.
static void parameters_and_the_dicts_own_state_are_understood(void)
{
    g_autoptr(GByteArray) pickle = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    PICKLE_ADD(pickle, PICKLE_START);
    pickle_text(pickle, "w");
    PICKLE_ADD(pickle, "ctorch._utils\n_rebuild_parameter\n(");
    pickle_storage(pickle, "FloatStorage", "0", 8);
    PICKLE_ADD(pickle, "K\1K\2\x85K\1\x85\x89"
                       "ccollections\nOrderedDict\n)RtR");
    PICKLE_ADD(pickle, "\x88"
                       "ccollections\nOrderedDict\n)RtRu}");
    pickle_text(pickle, "_metadata");
    PICKLE_ADD(pickle, "ccollections\nOrderedDict\n)R(");
    pickle_text(pickle, "");
    PICKLE_ADD(pickle, "}");
    pickle_text(pickle, "version");
    PICKLE_ADD(pickle, "K\1susb.");
    g_autoptr(SfmTensorFile) file = open_pickle(pickle->data, pickle->len, &error);
    g_assert_no_error(error);
    float got[2];
    g_assert_cmpuint(sfm_tensor_file_num(file), ==, 1);
    g_assert_true(sfm_tensor_file_read(file, sfm_tensor_file_find(file, "w"), got, NULL));
    g_assert_true(got[0] == 1 && got[1] == 2);
}

static void another_global_is_refused_by_name_and_never_run(void)
{
    g_autofree char *canary = g_build_filename(scratch, "canary", NULL);
    g_autofree char *command = g_strdup_printf("touch %s", canary);
    g_autoptr(GByteArray) pickle = g_byte_array_new();

    PICKLE_ADD(pickle, "\x80\2cos\nsystem\n");
    pickle_text(pickle, command);
    PICKLE_ADD(pickle, "\x85R.");
    assert_bad_pickle(pickle->data, pickle->len, SFM_ERROR_UNSUPPORTED,
                      "m.bin: data.pkl: os.system: a pickle that needs more than torch's tensors "
                      "is not run");
    g_assert_false(g_file_test(canary, G_FILE_TEST_EXISTS));

    const int code = SFM_ERROR_UNSUPPORTED;
    ASSERT_BAD_PICKLE("\x80\2c__builtin__\neval\n.", code, "data.pkl: __builtin__.eval: ");
    ASSERT_BAD_PICKLE("\x80\2ctorch\nload\n.", code, "data.pkl: torch.load: ");
    ASSERT_BAD_PICKLE("\x80\2ctorch\nComplexFloatStorage\n.", code, "torch.ComplexFloatStorage: ");
    ASSERT_BAD_PICKLE("\x80\2cposix\nFloatStorage\n.", code, "posix.FloatStorage: ");
    ASSERT_BAD_PICKLE("\x80\2ca\x1b[31m\nb\n.", code, "data.pkl: a?[31m.b: ");
    ASSERT_BAD_PICKLE("\x80\2(S'ls'\nios\nsystem\n.", code, "instruction 0x53 is not needed");
    ASSERT_BAD_PICKLE("\x80\2\x8c\2os\x8c\6system\x93.", code, "instruction 0x8c is not needed");
    ASSERT_BAD_PICKLE("\x80\4}.", SFM_ERROR_BAD_FILE, "protocol other than 2");
}

static void a_program_that_makes_no_sense_is_refused(void)
{
    const int code = SFM_ERROR_BAD_FILE;
    ASSERT_BAD_PICKLE("", code, "data.pkl: byte 0: cut off");
    ASSERT_BAD_PICKLE("\x80\2.", code, "not a dict of tensors");
    ASSERT_BAD_PICKLE("\x80\2K\1.", code, "not a dict of tensors");
    ASSERT_BAD_PICKLE("\x80\2(.", code, "not a dict of tensors");
    ASSERT_BAD_PICKLE("\x80\2t.", code, "no mark");
    ASSERT_BAD_PICKLE("\x80\2u.", code, "no mark");
    ASSERT_BAD_PICKLE("\x80\2(u.", code, "items without a dict");
    ASSERT_BAD_PICKLE("\x80\2}(K\1u.", code, "items without a dict");
    ASSERT_BAD_PICKLE("\x80\2K\1K\1K\1s.", code, "items without a dict");
    ASSERT_BAD_PICKLE("\x80\2s.", code, "items without a dict");
    ASSERT_BAD_PICKLE("\x80\2\x87.", code, "a tuple of more values than there are");
    ASSERT_BAD_PICKLE("\x80\2(K\1\x86.", code, "a tuple over a mark");
    ASSERT_BAD_PICKLE("\x80\2q\1.", code, "nothing to remember");
    ASSERT_BAD_PICKLE("\x80\2h\1.", code, "nothing is remembered");
    ASSERT_BAD_PICKLE("\x80\2R.", code, "a call of nothing");
    ASSERT_BAD_PICKLE("\x80\2K\1)R.", code, "a call of nothing");
    ASSERT_BAD_PICKLE("\x80\2ccollections\nOrderedDict\nK\1\x85R.", code, "with arguments");
    ASSERT_BAD_PICKLE("\x80\2ctorch\nFloatStorage\n)R.", code, "a call of a storage");
    ASSERT_BAD_PICKLE("\x80\2ctorch._utils\n_rebuild_tensor_v2\n)R.", code, "of a tensor");
    ASSERT_BAD_PICKLE("\x80\2ctorch._utils\n_rebuild_parameter\n)R.", code, "without a tensor");
    ASSERT_BAD_PICKLE("\x80\2)Q.", code, "not the description of a storage");
    ASSERT_BAD_PICKLE("\x80\2Q.", code, "a storage without a description");
    ASSERT_BAD_PICKLE("\x80\2K\1b.", code, "a state for something");
    ASSERT_BAD_PICKLE("\x80\2X\xff\xff\xff\xff"
                      "a.",
                      code, "cut off");
    ASSERT_BAD_PICKLE("\x80\2X\1\0\0\0\0.", code, "a text with a zero byte");
    ASSERT_BAD_PICKLE("\x80\2\x8a\11123456789.", code, "an integer of more than 64 bits");
    ASSERT_BAD_PICKLE("\x80\2cos", code, "cut off");
    ASSERT_BAD_PICKLE("\x80\2}X\1\0\0\0wK\1s.", SFM_ERROR_UNSUPPORTED, "w: not a tensor");
}

static void pickles_from_before_the_zip_get_a_hint(void)
{
    static const uint8_t old[] = "\x80\2\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    g_autofree char *path = scratch_file("old.bin", old, sizeof(old));
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_tensor_file_open(path, &error));
    assert_refused(&error, SFM_ERROR_UNSUPPORTED, "save it again as safetensors");
}

static void an_archive_cut_off_anywhere_is_refused(void)
{
    g_autoptr(GByteArray) pickle = one_matrix(8, (uint32_t[]){ 0, 2, 4, 4, 1 });
    g_autoptr(GByteArray) bytes = compose(pickle->data, pickle->len);

    for (guint size = 0; size < bytes->len; size++) {
        g_autofree char *path = scratch_file("cut.bin", bytes->data, size);
        g_autoptr(GError) error = NULL;
        g_assert_null(sfm_tensor_file_open(path, &error));
        assert_refused(&error, SFM_ERROR_BAD_FILE, "cut.bin: ");
    }
}

static void a_pickle_cut_off_anywhere_is_refused(void)
{
    g_autoptr(GByteArray) pickle = one_matrix(8, (uint32_t[]){ 0, 2, 4, 4, 1 });
    for (guint size = 0; size < pickle->len; size++)
        assert_bad_pickle(pickle->data, size, SFM_ERROR_BAD_FILE, "m.bin: data.pkl: byte ");
}

// The archive with member `name` written in that way.
static GByteArray *odd_archive(const char *name, const char *data, unsigned method, unsigned flags)
{
    g_autoptr(GByteArray) pickle = one_matrix(8, (uint32_t[]){ 0, 2, 4, 4, 1 });
    TorchZip zip = zip_begin();
    zip_add(&zip, "m/data.pkl", pickle->data, pickle->len);
    zip_add_as(&zip, name, data, strlen(data), method, flags);
    return zip_end(&zip);
}

static void archives_that_torch_does_not_write_are_refused(void)
{
    static const struct {
        const char *name, *data;
        unsigned method, flags;
        int code;
        const char *part;
    } cases[] = {
        { "m/data/0", "x", 8, 0, SFM_ERROR_UNSUPPORTED, "m/data/0: a compressed member" },
        { "m/data/0", "x", 0, 1, SFM_ERROR_UNSUPPORTED, "m/data/0: an encrypted member" },
        { "m/data/1", "x", 0, 0, SFM_ERROR_BAD_FILE, "w: its data, data/0, is missing" },
        { "m/data/0", "x", 0, 0, SFM_ERROR_BAD_FILE, "w: its data has 1 bytes, not 8 elements" },
        { "m/byteorder", "big", 0, 0, SFM_ERROR_UNSUPPORTED, "byteorder: only little is" },
        { "n/data.pkl", "x", 0, 0, SFM_ERROR_BAD_FILE, "more than one data.pkl" },
        { "m/data.pkl", "x", 0, 0, SFM_ERROR_BAD_FILE, "two members of one name" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes =
            odd_archive(cases[i].name, cases[i].data, cases[i].method, cases[i].flags);
        assert_bad_bytes(bytes, cases[i].code, cases[i].part);
    }

    TorchZip zip = zip_begin();
    zip_add(&zip, "word/document.xml", "x", 1);
    g_autoptr(GByteArray) document = zip_end(&zip);
    assert_bad_bytes(document, SFM_ERROR_BAD_FILE, "a zip archive, but not torch's: no data.pkl");
}

// The directory, which comes last, says that the member before it is a byte
// longer than it is.
static void a_member_that_reaches_into_the_directory_is_refused(void)
{
    static const uint8_t zeros[32];
    g_autoptr(GByteArray) pickle = one_matrix(8, (uint32_t[]){ 0, 2, 4, 4, 1 });
    TorchZip zip = zip_begin();
    zip_add(&zip, "m/data.pkl", pickle->data, pickle->len);
    const guint record = zip.directory->len;
    zip_add(&zip, "m/data/0", zeros, sizeof(zeros));
    zip.directory->data[record + 20] = zip.directory->data[record + 24] = 33;
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    assert_bad_bytes(bytes, SFM_ERROR_BAD_FILE, "a member reaches into the directory");
}

// Sizes and offset in an extra field, the directory's place in a record of its
// own: as in files beyond 4 GiB.
static void zip64_archives_are_read(void)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    PICKLE_ADD(bytes, "PK\3\4");
    zip_number(bytes, 0, 22);
    zip_number(bytes, 10, 2);
    zip_number(bytes, 0, 2);
    PICKLE_ADD(bytes, "m/data.pkl\x80\2}.");
    const guint directory = bytes->len;
    PICKLE_ADD(bytes, "PK\1\2");
    zip_number(bytes, 0, 16);
    zip_number(bytes, UINT32_MAX, 4);
    zip_number(bytes, UINT32_MAX, 4);
    zip_number(bytes, 10, 2);
    zip_number(bytes, 4 + 24, 2);
    zip_number(bytes, 0, 10);
    zip_number(bytes, UINT32_MAX, 4);
    PICKLE_ADD(bytes, "m/data.pkl\1\0\30\0");
    zip_number(bytes, 4, 8);
    zip_number(bytes, 4, 8);
    zip_number(bytes, 0, 8);
    const guint end = bytes->len;
    PICKLE_ADD(bytes, "PK\6\6");
    zip_number(bytes, 44, 8);
    zip_number(bytes, 0, 28);
    zip_number(bytes, end - directory, 8);
    zip_number(bytes, directory, 8);
    PICKLE_ADD(bytes, "PK\6\7");
    zip_number(bytes, 0, 4);
    zip_number(bytes, end, 8);
    zip_number(bytes, 1, 4);
    PICKLE_ADD(bytes, "PK\5\6");
    zip_number(bytes, 0, 8);
    zip_number(bytes, UINT32_MAX, 4);
    zip_number(bytes, UINT32_MAX, 4);
    zip_number(bytes, 0, 2);
    g_autoptr(SfmTensorFile) file = open_bytes(bytes, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sfm_tensor_file_num(file), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/file/pickle/" #name, name)
    TEST(offset_and_strides_are_honoured);
    TEST(elements_outside_the_storage_are_refused);
    TEST(two_tensors_may_share_a_storage);
    TEST(a_name_may_stand_once);
    TEST(every_storage_class_has_its_dtype);
    TEST(parameters_and_the_dicts_own_state_are_understood);
    TEST(another_global_is_refused_by_name_and_never_run);
    TEST(a_program_that_makes_no_sense_is_refused);
    TEST(pickles_from_before_the_zip_get_a_hint);
    TEST(an_archive_cut_off_anywhere_is_refused);
    TEST(a_pickle_cut_off_anywhere_is_refused);
    TEST(archives_that_torch_does_not_write_are_refused);
    TEST(a_member_that_reaches_into_the_directory_is_refused);
    TEST(zip64_archives_are_read);
    const int result = g_test_run();
    scratch_close();
    return result;
}
