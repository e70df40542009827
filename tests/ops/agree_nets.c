// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernels of the device agree with the C reference on the calls that plans of
// real networks make: those of the models that come along, of google/ddpm-cifar10-32,
// and of google/ddpm-celebahq-256, whose convolutions cost up to 20 GFLOP. The
// plain shaders, which know no shapes, are left to agree.c. SFUMATO_KERNELS chooses
// other kernels than the device's own.

#include "cpu/runner.h"
#include "nets/unet.h"
#include "support/cifar10.h"
#include "support/vulkan.h"
#include "trial.h"

#define SMALL_FLOP  3e7  // of a call whose every value the reference computes
#define MOST_FLOP   2e10 // of a convolution that is tried at all
#define MOST_VALUES 4e6  // of other outputs
#define SPOT_CHECKS 300

static SfmRunner *runner;

static const SfmUnetConfig celebahq256 = {
    .in_channels = 3,
    .out_channels = 3,
    .num_blocks = 6,
    .down_blocks = { [4] = SFM_BLOCK_ATTN },
    .up_blocks = { [1] = SFM_BLOCK_ATTN },
    .block_channels = { 128, 128, 256, 256, 512, 512 },
    .layers_per_block = 2,
    .add_attention = true,
    .mid_block = true,
    .freq_shift = 1,
    .mid_block_scale_factor = 1,
    .norm_eps = 1e-6,
    .norm_groups = 32,
};

static const SfmKernel *tuned_kernel(const SfmCall *call)
{
    const SfmKernel *kernel = sfm_target_choose(runner->target, call);
    return g_str_equal(kernel->name, call->op->name) ? NULL : kernel;
}

// Every tuned kernel that applies to the call, not only the one that plans take.
static void try_kernels(Trial *t, GRand *rand, bool small)
{
    const SfmTarget *target = runner->target;
    for (size_t k = 0; k < target->num_kernels; k++) {
        const SfmKernel *kernel = target->kernels[k];
        if (!g_str_equal(kernel->op, t->call.op->name) || g_str_equal(kernel->name, kernel->op) ||
            (kernel->applies && !kernel->applies(&t->call)))
            continue;
        trial_kernel(t, runner, kernel);
        if (small)
            trial_compare_kernel(t, kernel);
        else
            trial_spot_check(t, rand, SPOT_CHECKS, kernel);
    }
}

static void try_call(const SfmCall *call, GRand *rand)
{
    const double flop = sfm_call_cost(call).flop;
    const double values = (double)sfm_shape_count(call->out[0]);
    const bool convolution = g_str_equal(call->op->name, "conv2d");
    const bool small = flop <= SMALL_FLOP || !convolution;
    Trial t;

    if (!tuned_kernel(call) || (convolution ? flop > MOST_FLOP : values > MOST_VALUES))
        return;
    g_assert_true(trial_init(&t, rand, call));
    if (small)
        trial_reference(&t);
    try_kernels(&t, rand, small);
    trial_clear(&t);
}

// What tells calls apart: op, attributes and shapes.
static char *key_of(const SfmCall *call)
{
    g_autofree char *name = trial_name(call);
    g_autofree char *attrs =
        g_compute_checksum_for_data(G_CHECKSUM_MD5, call->attrs, call->op->attrs_size);
    return g_strconcat(name, attrs, NULL);
}

// The reference's plan has the calls as they are fused, and no changes of layout.
static void try_graph(const SfmGraph *graph)
{
    SfmRunner *reference = sfm_cpu_runner_new();
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, reference->target, NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        const SfmCall *call = &sfm_plan_step(plan, i)->call;
        if (g_hash_table_add(seen, key_of(call)))
            try_call(call, rand);
    }
    sfm_runner_free(reference);
}

static const SfmWrap ends; // none goes round

static void try_network(const SfmUnetConfig *config, uint32_t side, uint32_t patch, SfmWrap wrap)
{
    const SfmUnetSize size = {
        .batch = 1, .height = side, .width = side, .patch = patch, .wrap = wrap
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmGraph) graph = sfm_unet_build(config, &size, &error);

    g_assert_no_error(error);
    try_graph(graph);
}

static void bundled_model(const char *name, SfmWrap wrap)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "models", name, NULL);
    g_autofree char *config_path = g_build_filename(folder, "unet", "config.json", NULL);
    g_autofree char *card_path = g_build_filename(folder, "sfumato.json", NULL);
    g_autoptr(GError) error = NULL;
    SfmUnetConfig config = { 0 };
    SfmCard card = { 0 };

    g_assert_true(sfm_unet_config_read(config_path, &config, &error));
    g_assert_true(sfm_card_read(card_path, &card, &error));
    try_network(&config, config.sample_height * card.patch, card.patch, wrap);
    sfm_card_clear(&card);
}

static void agrees_on_digits(void)
{
    bundled_model("digits", ends);
}

static void agrees_on_textures(void)
{
    bundled_model("textures", ends);
}

static void agrees_on_seamless_textures(void)
{
    bundled_model("textures", (SfmWrap){ true, true });
}

static void agrees_on_photo(void)
{
    bundled_model("photo", ends);
}

static void agrees_on_cifar10(void)
{
    try_network(&cifar10, 32, 1, ends);
}

static void agrees_on_celebahq256(void)
{
    try_network(&celebahq256, 256, 1, ends);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

#define TEST(name) g_test_add_func("/ops/agree_nets/" #name, name)
    TEST(agrees_on_digits);
    TEST(agrees_on_textures);
    TEST(agrees_on_seamless_textures);
    TEST(agrees_on_photo);
    TEST(agrees_on_cifar10);
    TEST(agrees_on_celebahq256);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
