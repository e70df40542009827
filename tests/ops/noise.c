// SPDX-License-Identifier: GPL-3.0-or-later
//
// That the numbers are normal is tests/unit/philox.c's business; here: which
// number stands where.

#include "ops/noise.h"

#include "base/philox.h"
#include "hand.h"
#include "params/noise.h"

static const SfmOp *op;

static SfmCall call_of(const SfmNoiseAttrs *attrs)
{
    return (SfmCall){ .op = op, .attrs = attrs };
}

static void keys_each_image_by_its_number_in_the_run(void)
{
    const SfmNoiseAttrs attrs = {
        .shape = SFM_SHAPE(2, 3, 1, 2),
        .seed = 11,
        .first_image = 5,
        .step = 7,
        .stream = 1,
    };
    const SfmCall call = call_of(&attrs);
    float want[12];

    sfm_philox_normals((SfmNoiseKey){ .seed = 11, .image = 5, .step = 7, .stream = 1 }, want, 6);
    sfm_philox_normals((SfmNoiseKey){ .seed = 11, .image = 6, .step = 7, .stream = 1 }, want + 6,
                       6);
    gives(&call, NULL, SFM_SHAPE(2, 3, 1, 2), want, 0);
}

static void does_not_look_at_the_batch(void)
{
    const SfmNoiseAttrs batch = { .shape = SFM_SHAPE(3, 1, 2, 3), .seed = 2 };
    const SfmNoiseAttrs single = { .shape = SFM_SHAPE(1, 1, 2, 3), .seed = 2, .first_image = 2 };
    SfmCall whole = call_of(&batch);
    const SfmCall part = call_of(&single);
    float all[18];

    g_assert_true(op->infer(&whole, NULL));
    op->reference(&whole, (float *const[]){ all }, NULL);
    gives(&part, NULL, single.shape, all + 12, 0);
}

static void launches_an_invocation_for_four_elements_of_one_image(void)
{
    const SfmNoiseAttrs attrs = {
        .shape = SFM_SHAPE(65, 1, 2, 3),
        .seed = 1,
        .first_image = 2,
        .step = 3,
        .stream = 4,
    };
    SfmCall call = call_of(&attrs);
    struct NoiseParams push;

    g_assert_true(op->infer(&call, NULL));
    launches(&call, 3, &push, sizeof(push)); // 65 images of 2 blocks, in groups of 64
    g_assert_cmpuint(push.images, ==, 65);
    g_assert_cmpuint(push.elements, ==, 6);
    g_assert_cmpuint(push.seed, ==, 1);
    g_assert_cmpuint(push.first_image, ==, 2);
    g_assert_cmpuint(push.step_number, ==, 3);
    g_assert_cmpuint(push.stream, ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("noise");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/noise/" #name, name)
    TEST(keys_each_image_by_its_number_in_the_run);
    TEST(does_not_look_at_the_batch);
    TEST(launches_an_invocation_for_four_elements_of_one_image);
    return g_test_run();
}
