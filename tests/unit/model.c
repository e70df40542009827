// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/model.h"

#include <math.h>
#include <string.h>

static const char *const published[] = {
    "01_cifar10_like", "02_celebahq_like_legacy", "03_class_conditional",
    "04_guided_like",  "05_rect_scale_shift",     "06_butterflies_like_sharded",
    "07_fp16_variant", "08_ncsnpp_like",          "09_options",
    "10_bin_pickle",
};

// As tests/fixtures/README.md counts them.
static const size_t num_parameters[] = {
    347443, 268287, 269809, 209830, 138411, 306835, 239395, 276993, 180640, 167923,
};

static char *fixture(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "fixtures", "models", name, NULL);
}

// The shape of a weight as a network would ask for it.
static SfmShape shape_of(const SfmTensorEntry *entry)
{
    SfmShape shape = SFM_SHAPE(1, 1, 1, 1);
    if (entry->rank == 1)
        return SFM_SHAPE(1, (uint32_t)entry->dim[0], 1, 1);
    for (int i = 0; i < entry->rank; i++)
        shape.dim[i] = (uint32_t)entry->dim[i];
    return shape;
}

// Reads every weight; the number of parameters.
static size_t read_all(SfmModel *model)
{
    GHashTableIter iter;
    gpointer name, value;
    size_t total = 0;

    g_hash_table_iter_init(&iter, model->names);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const SfmTensorEntry *entry = value;
        g_autoptr(GError) error = NULL;
        g_autofree float *data = g_new(float, entry->count);
        sfm_model_read_weight(model, name, shape_of(entry), data, &error);
        g_assert_no_error(error);
        total += entry->count;
    }
    return total;
}

static void reads_every_published_model(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = fixture(published[i]);
        g_autoptr(SfmModel) model = sfm_model_open(NULL, path, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(model->name, ==, published[i]);
        g_assert_cmpuint(read_all(model), ==, num_parameters[i]);
        g_assert_true(sfm_model_check_leftovers(model, model->names, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/file/model/" #name, name)
    TEST(reads_every_published_model);
    return g_test_run();
}
