// SPDX-License-Identifier: GPL-3.0-or-later
//
// Thousands of damaged files, the same in every run: each must open or be
// refused with a message, and what opens must read. Under the sanitizers this
// is a search for reads out of bounds, overflows and leaks.

#include "file/config.h"
#include "file/json.h"
#include "file/tensor_file.h"
#include "scratch.h"
#include "torch_zip.h"

#define NUM_MUTATIONS 1500

// Numbers at which sizes and offsets go wrong.
static const uint64_t edges[] = {
    0,      1,          0x7f,       0x80,       0xff,      0x7fff,
    0xffff, 0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX, UINT64_MAX,
};

// Flips bits, puts in edge numbers, cuts, drops and doubles a part: one to four
// times.
static void damage(GByteArray *bytes, GRand *rand)
{
    const int num = g_rand_int_range(rand, 1, 5);
    for (int i = 0; i < num && bytes->len > 16; i++) {
        const guint at = (guint)g_rand_int_range(rand, 0, (gint)bytes->len - 8);
        const guint size = (guint)g_rand_int_range(rand, 1, 9);
        const uint64_t edge = GUINT64_TO_LE(edges[g_rand_int(rand) % G_N_ELEMENTS(edges)]);
        switch (g_rand_int_range(rand, 0, 6)) {
        case 0:
            g_byte_array_set_size(bytes, at + 1);
            break;
        case 1:
            g_byte_array_remove_range(bytes, at, size);
            break;
        case 2:
            memcpy(bytes->data + at, &edge, size);
            break;
        case 3:
            memmove(bytes->data + at, bytes->data + g_rand_int_range(rand, 0, (gint)bytes->len - 8),
                    size);
            break;
        default:
            bytes->data[at] ^= (guint8)(1u << g_rand_int_range(rand, 0, 8));
        }
    }
}

// What opens must be readable, within bounds that a file of this size can have.
static void read_everything(SfmTensorFile *file)
{
    for (size_t i = 0; i < sfm_tensor_file_num(file); i++) {
        const SfmTensorEntry *entry = sfm_tensor_file_entry(file, i);
        g_autoptr(GError) error = NULL;
        g_assert_cmpuint(entry->count, <, 100000);
        g_autofree float *data = g_new(float, entry->count + 1);
        sfm_tensor_file_read(file, entry, data, &error);
        g_assert_no_error(error);
    }
}

static void try_tensor_file(const char *path, GError **error)
{
    g_autoptr(SfmTensorFile) file = sfm_tensor_file_open(path, error);
    if (file)
        read_everything(file);
}

static void try_unet_config(const char *path, GError **error)
{
    SfmUnetConfig config;
    sfm_unet_config_read(path, &config, error);
}

static void try_scheduler_config(const char *path, GError **error)
{
    SfmSchedulerConfig config = { 0 };
    sfm_scheduler_config_read(path, &config, error);
    sfm_scheduler_config_clear(&config);
}

static void try_card(const char *path, GError **error)
{
    SfmCard card = { 0 };
    sfm_card_read(path, &card, error);
    sfm_card_clear(&card);
}

// How many of the damaged files were refused.
static int survive(GByteArray *whole, guint32 seed, void (*try)(const char *, GError **))
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    int num_refused = 0;

    for (int i = 0; i < NUM_MUTATIONS; i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_byte_array_append(bytes, whole->data, whole->len);
        if (i > 0)
            damage(bytes, rand);
        g_autofree char *path = scratch_file("hostile", bytes->data, bytes->len);
        g_autoptr(GError) error = NULL;
        try(path, &error);
        if (i == 0)
            g_assert_no_error(error); // undamaged
        else if (error) {
            num_refused++;
            g_assert_true(g_utf8_validate(error->message, -1, NULL));
            g_assert_null(strpbrk(error->message, "\n\r\x1b"));
        }
    }
    return num_refused;
}

static void damaged_safetensors_are_survived(void)
{
    static const char header[] =
        "{\"__metadata__\":{\"format\":\"pt\"},"
        "\"conv.weight\":{\"dtype\":\"F16\",\"shape\":[2,3,1,1],\"data_offsets\":[8,20]},"
        "\"conv.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    g_autoptr(GByteArray) whole = g_byte_array_new();
    zip_number(whole, sizeof(header) - 1, 8);
    g_byte_array_append(whole, (const guint8 *)header, sizeof(header) - 1);
    zip_number(whole, 0x3c003c003f800000, 20);
    g_assert_cmpint(survive(whole, 1, try_tensor_file), >, NUM_MUTATIONS / 2);
}

// The pickle of two tensors that share a storage.
static GByteArray *make_pickle(void)
{
    GByteArray *pickle = g_byte_array_new();
    PICKLE_ADD(pickle, PICKLE_START);
    pickle_matrix(pickle, "conv.weight", "FloatStorage", "0", 12, (uint32_t[]){ 4, 2, 4, 1, 2 });
    pickle_matrix(pickle, "conv.bias", "FloatStorage", "0", 12, (uint32_t[]){ 0, 2, 2, 2, 1 });
    PICKLE_ADD(pickle, PICKLE_END);
    return pickle;
}

static GByteArray *make_archive(GByteArray *pickle)
{
    static const uint8_t zeros[48];
    TorchZip zip = zip_begin();
    zip_add(&zip, "m/data.pkl", pickle->data, pickle->len);
    zip_add(&zip, "m/byteorder", "little", 6);
    zip_add(&zip, "m/data/0", zeros, sizeof(zeros));
    return zip_end(&zip);
}

static void damaged_archives_are_survived(void)
{
    g_autoptr(GByteArray) pickle = make_pickle();
    g_autoptr(GByteArray) whole = make_archive(pickle);
    g_assert_cmpint(survive(whole, 2, try_tensor_file), >, NUM_MUTATIONS / 2);
}

// Pickles damaged within an archive that is whole.
static void damaged_pickles_are_survived(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    for (int i = 0; i < NUM_MUTATIONS; i++) {
        g_autoptr(GByteArray) pickle = make_pickle();
        damage(pickle, rand);
        g_autoptr(GByteArray) bytes = make_archive(pickle);
        g_autofree char *path = scratch_file("hostile", bytes->data, bytes->len);
        g_autoptr(GError) error = NULL;
        try_tensor_file(path, &error);
        g_assert_true(!error || !strpbrk(error->message, "\n\r\x1b"));
    }
}

static void damaged_configs_are_survived(void)
{
    static const struct {
        const char *json;
        void (*try)(const char *, GError **);
    } configs[] = {
        { "{\"_class_name\":\"UNet2DModel\",\"sample_size\":[24,40],\"freq_shift\":1,"
          "\"block_out_channels\":[32,64],\"down_block_types\":[\"DownBlock2D\","
          "\"UNetResAttnDownBlock2D\"],\"up_block_types\":[\"AttnUpBlock2D\",\"UpBlock2D\"],"
          "\"attention_head_dim\":null,\"norm_eps\":1e-06,\"num_class_embeds\":11}",
          try_unet_config },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"lambda_min_clipped\":-Infinity,"
          "\"trained_betas\":[0.1,0.2,0.3],\"num_train_timesteps\":3,\"variance_type\":null}",
          try_scheduler_config },
        { "{\"title\":\"A\\u00e4\\\"\",\"patch\":2,\"classes\":[\"a\",\"b\"],\"guidance\":1.5}",
          try_card },
    };
    for (guint32 i = 0; i < G_N_ELEMENTS(configs); i++) {
        g_autoptr(GByteArray) whole = g_byte_array_new();
        g_byte_array_append(whole, (const guint8 *)configs[i].json, (guint)strlen(configs[i].json));
        g_assert_cmpint(survive(whole, 10 + i, configs[i].try), >, NUM_MUTATIONS / 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/file/hostile_files/" #name, name)
    TEST(damaged_safetensors_are_survived);
    TEST(damaged_archives_are_survived);
    TEST(damaged_pickles_are_survived);
    TEST(damaged_configs_are_survived);
    const int result = g_test_run();
    scratch_close();
    return result;
}
