// SPDX-License-Identifier: GPL-3.0-or-later
//
// The families as data: which one a device has, and of the GPUs' kernels how sums
// are split, how weights are packed, and that no launch is larger than devices
// grant. That they compute the right thing is tests/ops/agree's business.

#include "vk/families.h"

#include <math.h>
#include <string.h>

#include "ops/attention.h"
#include "ops/conv2d.h"
#include "params/gpu_conv.h"
#include "vk/kernels/gpu/half.h"
#include "vk/kernels/gpu/kernels.h"
#include "vk/target.h"

static const SfmConv2d same3x3 = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
static const SfmConv2d pointwise = { .kernel = 1, .stride = 1 };

static SfmPhysical device(VkPhysicalDeviceType type, bool halves, uint32_t shared)
{
    SfmPhysical p = { .halves = halves };
    g_strlcpy(p.properties.deviceName, "Made up", sizeof p.properties.deviceName);
    p.properties.deviceType = type;
    p.properties.limits.maxComputeSharedMemorySize = shared;
    return p;
}

static void assert_family(VkPhysicalDeviceType type, bool halves, uint32_t shared,
                          const char *wanted, const char *name)
{
    const SfmPhysical p = device(type, halves, shared);
    g_autoptr(GError) error = NULL;
    const SfmVkFamily *family = sfm_vk_family_choose(&p, wanted, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(family->name, ==, name);
}

static void a_gpu_has_halves_where_its_buffers_hold_them(void)
{
    const VkPhysicalDeviceType gpu = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;

    assert_family(gpu, true, 49152, NULL, "gpu");
    assert_family(gpu, true, 49152, "", "gpu");
    assert_family(gpu, false, 49152, NULL, "gpu-fp32");
    assert_family(gpu, true, 24576, NULL, "gpu");
    assert_family(gpu, true, 24575, NULL, "plain");
    assert_family(gpu, true, 49152, "gpu-fp32", "gpu-fp32");
    assert_family(gpu, true, 49152, "plain", "plain");
}

static void a_cpu_runs_what_is_for_gpus_only_if_told_to(void)
{
    const VkPhysicalDeviceType cpu = VK_PHYSICAL_DEVICE_TYPE_CPU;

    assert_family(cpu, true, 32768, NULL, "plain"); // it is not lavapipe
    assert_family(cpu, true, 32768, "gpu", "gpu");
}

static void assert_refused(const char *wanted, const char *pattern)
{
    const SfmPhysical p = device(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, false, 49152);
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_vk_family_choose(&p, wanted, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("\"%s\" is not like \"%s\"", error->message, pattern);
}

static void a_family_that_cannot_be_is_named_and_so_are_those_there_are(void)
{
    assert_refused("fast", "SFUMATO_KERNELS: there are no kernels \"fast\"; it may be one of: "
                           "lavapipe, gpu, gpu-fp32, plain");
    assert_refused("GPU", "SFUMATO_KERNELS: there are no kernels \"GPU\"*");
    assert_refused("gpu",
                   "SFUMATO_KERNELS: device \"Made up\" cannot run the kernels \"gpu\": it has "
                   "no 16-bit storage buffers; *");
    assert_refused("lavapipe", "*cannot run the kernels \"lavapipe\": it is not lavapipe; *");
}

static void assert_again(const SfmPhysical *p, const char *name, const char *device,
                         const char *wanted)
{
    const SfmVkFamily *family = sfm_vk_family_again(p, name, device);

    g_assert_cmpstr(family ? family->name : "its own", ==, wanted);
}

static void a_picture_is_made_again_with_its_family_where_a_device_runs_it(void)
{
    const SfmPhysical gpu = device(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, true, 49152);
    const SfmPhysical old = device(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, false, 49152);
    const SfmPhysical cpu = device(VK_PHYSICAL_DEVICE_TYPE_CPU, true, 49152);

    assert_again(&gpu, "gpu", "Made up", "gpu");
    assert_again(&gpu, "gpu-fp32", "Another GPU", "gpu-fp32");
    assert_again(&gpu, "lavapipe", "Made up", "its own");
    assert_again(&gpu, "reference", "reference", "its own");
    assert_again(&old, "gpu", "Made up", "its own"); // it has no halves
    assert_again(&cpu, "gpu", "Made up", "gpu");
    assert_again(&cpu, "gpu", "A GPU", "its own"); // slow here, and not the same bytes
    assert_again(&cpu, "plain", "A GPU", "plain");
    assert_again(&cpu, "gpu", NULL, "its own");
}

// A half has eleven bits, the first of them unseen: 2049 lies between 2048 and 2050,
// and 2051 between 2050 and 2052.
static void halves_round_to_the_nearest_and_then_to_the_even_one(void)
{
    g_assert_cmphex(sfm_half_from_float(0), ==, 0);
    g_assert_cmphex(sfm_half_from_float(-0.0f), ==, 0x8000);
    g_assert_cmphex(sfm_half_from_float(1), ==, 15 << 10);
    g_assert_cmphex(sfm_half_from_float(-2), ==, 0x8000 | 16 << 10);
    g_assert_cmphex(sfm_half_from_float(1.5f), ==, 15 << 10 | 1 << 9);
    g_assert_cmphex(sfm_half_from_float(2049), ==, 26 << 10);       // to 2048, the even one
    g_assert_cmphex(sfm_half_from_float(2051), ==, (26 << 10) + 2); // to 2052
    g_assert_cmphex(sfm_half_from_float(2049.01f), ==, (26 << 10) + 1);
    g_assert_cmphex(sfm_half_from_float(65504), ==, 0x7bff);
    g_assert_cmphex(sfm_half_from_float(65519.9f), ==, 0x7bff);
    g_assert_cmphex(sfm_half_from_float(65520), ==, 0x7c00); // half way to 2^16, which there is not
    g_assert_cmphex(sfm_half_from_float(-INFINITY), ==, 0xfc00);
    g_assert_cmphex(sfm_half_from_float(NAN) & 0x7e00, ==, 0x7e00);
}

static void the_smallest_halves_count_steps_of_2_to_the_minus_24(void)
{
    g_assert_cmphex(sfm_half_from_float(0x1p-14f), ==, 0x400);
    g_assert_cmphex(sfm_half_from_float(0x1p-24f), ==, 1);
    g_assert_cmphex(sfm_half_from_float(-0x3p-24f), ==, 0x8003);
    g_assert_cmphex(sfm_half_from_float(0x1p-25f), ==, 0); // half a step, to the even one
    g_assert_cmphex(sfm_half_from_float(0x3p-25f), ==, 2);
    g_assert_cmphex(sfm_half_from_float(0x1.ffffp-15f), ==, 0x400);
}

static SfmCall conv(const SfmConv2d *attrs, uint32_t n, uint32_t c, uint32_t o, uint32_t side)
{
    SfmCall call = {
        .op = sfm_op_find("conv2d"),
        .attrs = attrs,
        .num_inputs = 3,
        .in = { SFM_SHAPE(n, c, side, side), SFM_SHAPE(o, c, attrs->kernel, attrs->kernel),
                SFM_SHAPE(1, o, 1, 1) },
    };
    g_assert_true(call.op->infer(&call, NULL));
    return call;
}

// Milliseconds that a device of this kind is expected to take, by both families and by
// the plain shader.
static double estimate(VkPhysicalDeviceType type, const SfmCall *call)
{
    const SfmPhysical p = device(type, true, 49152);
    SfmVkTarget t = { 0 };
    const SfmKernel *kernels[] = { &sfm_vk_gpu_conv.base, &sfm_vk_gpu_fp32_conv.base, NULL };

    g_assert_true(sfm_vk_target_init(&t, &p, NULL));
    kernels[2] = sfm_vk_plain_kernel(&t, call->op);
    const double first = sfm_target_estimate(&t.target, kernels[0], call);
    for (size_t i = 1; i < G_N_ELEMENTS(kernels); i++)
        g_assert_cmpfloat(sfm_target_estimate(&t.target, kernels[i], call), ==, first);
    sfm_vk_target_clear(&t);
    return first;
}

// 2 * 9 * 128 * 128 * 64 * 64 are 1.2 GFLOP: at 1.4, 50 and 200 GFLOP/s.
static void a_step_is_estimated_by_the_kind_of_device(void)
{
    const SfmCall call = conv(&same3x3, 1, 128, 128, 64);

    g_assert_cmpfloat_with_epsilon(estimate(VK_PHYSICAL_DEVICE_TYPE_CPU, &call), 863, 1);
    g_assert_cmpfloat_with_epsilon(estimate(VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU, &call), 24.2,
                                   0.1);
    g_assert_cmpfloat_with_epsilon(estimate(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, &call), 6.04,
                                   0.02);
}

static struct GpuConvParams pushed(const SfmCall *call)
{
    static SfmVkDispatch d[SFM_MAX_DISPATCHES];
    struct GpuConvParams p;

    sfm_vk_gpu_conv.dispatches(call, d);
    g_assert_cmpuint(d[0].push_size, ==, sizeof p);
    memcpy(&p, d[0].push, sizeof p);
    return p;
}

// 512 channels at 4 x 4 are eight tiles of 64 x 64: with sixteen splits each they
// are 128 workgroups; 9 taps of 512 channels are 288 steps, 18 a split.
static void few_tiles_are_split_by_the_image_alone(void)
{
    for (uint32_t batch = 1; batch <= 40; batch += 13) {
        const SfmCall call = conv(&same3x3, batch, 512, 512, 4);
        const struct GpuConvParams p = pushed(&call);
        g_assert_cmpuint(p.splits, ==, 16);
        g_assert_cmpuint(p.split_steps, ==, 18);
    }
    const SfmCall large = conv(&same3x3, 1, 128, 128, 256);
    g_assert_cmpuint(pushed(&large).splits, ==, 1);
}

// 20 channels are two steps a tap, 18 in all: two splits of nine, no shorter ones.
static void no_split_is_short(void)
{
    const SfmCall call = conv(&same3x3, 1, 20, 8, 8);
    const struct GpuConvParams p = pushed(&call);

    g_assert_cmpuint(p.tap_steps, ==, 2);
    g_assert_cmpuint(p.splits, ==, 2);
    g_assert_cmpuint(p.split_steps, ==, 9);
}

static void assert_launchable(const SfmVkKernel *kernel, const SfmCall *call)
{
    static SfmVkDispatch d[SFM_MAX_DISPATCHES];
    const int count = kernel->dispatches(call, d);

    g_assert_cmpint(count, <=, SFM_MAX_DISPATCHES);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++) {
            g_assert_cmpuint(d[i].groups[k], >, 0);
            g_assert_cmpuint(d[i].groups[k], <=, 65535);
        }
    }
}

static void launches_stay_within_what_devices_grant(void)
{
    const SfmCall calls[] = {
        conv(&pointwise, 1, 3, 3, 4096), // more than 65535 tiles
        conv(&same3x3, 1, 128, 128, 512), conv(&same3x3, 300, 64, 64, 8),
        conv(&same3x3, 20000, 512, 512, 4), // more passes than fit into 64 MiB each
    };
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        assert_launchable(&sfm_vk_gpu_conv, &calls[i]);
        assert_launchable(&sfm_vk_gpu_fp32_conv, &calls[i]);
    }

    SfmCall copy = { .op = sfm_op_find("copy"), .num_inputs = 1 };
    copy.in[0] = copy.out[0] = SFM_SHAPE(1, 3, 4096, 4096); // 65536 groups a plane
    assert_launchable(&sfm_vk_gpu_to_nhwc, &copy);
    assert_launchable(&sfm_vk_gpu_fp32_from_nhwc, &copy);
}

// 32 keys are a block; for a head of 512 channels, 32 times 16, a block takes 33 turns,
// and 65535 turns are 1985 blocks and a little.
static void attention_that_llvmpipe_would_not_end_is_refused(void)
{
    const SfmAttention one_head = { .heads = 1 };
    SfmCall call = { .op = sfm_op_find("attention"), .attrs = &one_head, .num_inputs = 3 };

    call.in[0] = SFM_SHAPE(1, 512, 4, 4);
    call.in[1] = call.in[2] = SFM_SHAPE(1, 512, 1985, 32);
    g_assert_true(sfm_vk_gpu_attention.base.applies(&call));
    call.in[1] = call.in[2] = SFM_SHAPE(1, 512, 1986, 32);
    g_assert_false(sfm_vk_gpu_attention.base.applies(&call));
    g_assert_false(sfm_vk_gpu_fp32_attention.base.applies(&call));
}

// Sums of 16 splits, 512 floats each, are 32 KiB a pixel: 128 MiB for 256 images.
static void sums_go_in_passes_of_bounded_memory(void)
{
    const SfmCall one = conv(&same3x3, 1, 512, 512, 4), many = conv(&same3x3, 256, 512, 512, 4);

    g_assert_cmpuint(sfm_vk_gpu_conv.base.scratch(&one), ==, 16 * 32768);
    g_assert_cmpuint(sfm_vk_gpu_conv.base.scratch(&many), ==, (size_t)64 << 20);
}

// Weight (o, c, tap) lies in row tap * C + c, column o, of 8 by 8 a tap here.
static void packing_keeps_every_weight_and_fills_with_zeros(void)
{
    const SfmCall call = conv(&same3x3, 1, 7, 5, 6);
    float plain[5 * 7 * 9], floats[9 * 8 * 8];
    uint16_t halves[9 * 8 * 8];
    double sum = 0;

    for (int i = 0; i < 5 * 7 * 9; i++)
        plain[i] = (float)(i + 1);
    g_assert_cmpuint(sfm_vk_gpu_fp32_conv.packed_count(&call, 1), ==, G_N_ELEMENTS(floats));
    g_assert_cmpuint(sfm_vk_gpu_conv.packed_count(&call, 1), ==, G_N_ELEMENTS(halves) / 2);
    sfm_vk_gpu_fp32_conv.pack(&call, 1, plain, floats);
    sfm_vk_gpu_conv.pack(&call, 1, plain, (float *)(void *)halves);
    for (size_t i = 0; i < G_N_ELEMENTS(floats); i++) {
        sum += (double)floats[i];
        g_assert_cmphex(halves[i], ==, sfm_half_from_float(floats[i]));
    }
    g_assert_cmpfloat(sum, ==, 315 * 316 / 2.0);
    for (int o = 0; o < 5; o++) {
        for (int c = 0; c < 7; c++)
            g_assert_cmpfloat(floats[(3 * 8 + c) * 8 + o], ==, plain[(o * 7 + c) * 9 + 3]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/gpu_kernels/" #name, name)
    TEST(a_gpu_has_halves_where_its_buffers_hold_them);
    TEST(a_cpu_runs_what_is_for_gpus_only_if_told_to);
    TEST(a_family_that_cannot_be_is_named_and_so_are_those_there_are);
    TEST(a_picture_is_made_again_with_its_family_where_a_device_runs_it);
    TEST(halves_round_to_the_nearest_and_then_to_the_even_one);
    TEST(the_smallest_halves_count_steps_of_2_to_the_minus_24);
    TEST(a_step_is_estimated_by_the_kind_of_device);
    TEST(few_tiles_are_split_by_the_image_alone);
    TEST(no_split_is_short);
    TEST(launches_stay_within_what_devices_grant);
    TEST(attention_that_llvmpipe_would_not_end_is_refused);
    TEST(sums_go_in_passes_of_bounded_memory);
    TEST(packing_keeps_every_weight_and_fills_with_zeros);
    return g_test_run();
}
