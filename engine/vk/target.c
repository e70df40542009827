// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/target.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "vk/runner.h"
#include "vk/spirv.h"

int sfm_vk_plain_dispatches(const SfmCall *call, SfmVkDispatch out[SFM_MAX_DISPATCHES])
{
    const SfmOp *op = call->op;
    SfmLaunch launch = { 0 };
    op->launch(call, &launch);

    SfmVkDispatch *d = &out[0];
    *d = (SfmVkDispatch){ .shader = op->name, .push_size = launch.push_size };
    memcpy(d->groups, launch.groups, sizeof(d->groups));
    memcpy(d->push, launch.push, launch.push_size);

    // An input that is absent is bound to the output: something must be, and the
    // shader does not look.
    for (int i = 0; i < op->max_inputs; i++) {
        const bool present = i < call->num_inputs;
        d->binding[d->num_bindings++] = (SfmVkBinding){
            .kind = present ? SFM_BIND_INPUT : SFM_BIND_OUTPUT,
            .index = present ? i : 0,
        };
    }
    for (int i = 0; i < op->num_outputs; i++)
        d->binding[d->num_bindings++] = (SfmVkBinding){ .kind = SFM_BIND_OUTPUT, .index = i };
    return 1;
}

#define X(word)                                                              \
    {                                                                        \
        .base = { .name = #word, .op = #word, .gflops = SFM_TARGET_GFLOPS }, \
        .dispatches = sfm_vk_plain_dispatches,                               \
    },
static const SfmVkKernel plain_kernels[] = {
#include "ops.inc"
};
#undef X

typedef struct {
    double gflops, gbytes_per_second;
} Speeds;

// Rough, and rather too low: they cut work into submissions, which may be too many but
// not too long. Two cores run the plain matrix multiplication on lavapipe at 1.4
// GFLOP/s, and load 1 to 2 GB/s: measured. Of GPUs nothing is; these are what kernels of
// no great skill should reach on small ones of either kind.
static Speeds speeds_of(const SfmPhysical *physical)
{
    switch (physical->properties.deviceType) {
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return (Speeds){ 1.4, 2 };
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return (Speeds){ 200, 50 };
    default: // integrated, virtual, other
        return (Speeds){ 50, 10 };
    }
}

// Kernels for lavapipe see tensors as texel buffers, the others never.
static size_t max_block(const SfmPhysical *physical, const SfmVkFamily *family, size_t alignment)
{
    const VkPhysicalDeviceLimits *limits = &physical->properties.limits;
    uint64_t size = limits->maxStorageBufferRange;
    if (g_str_equal(family->name, "lavapipe"))
        size = MIN(size, (uint64_t)limits->maxTexelBufferElements * 16);
    if (physical->sizes.maxMemoryAllocationSize > 0)
        size = MIN(size, physical->sizes.maxMemoryAllocationSize);
    return size / alignment * alignment;
}

// Other kernels, or another order of them, are other rivals, and so are other
// shaders. Of a processor the driver tells no more than how wide its registers are.
static char *identity_of(const SfmPhysical *physical, const SfmTarget *target)
{
    const VkPhysicalDeviceProperties *p = &physical->properties;
    g_autoptr(GString) text = g_string_new(SFM_VERSION "\n");

    g_string_append_printf(text, "%s\n%08x:%08x:%08x\n", p->deviceName, p->vendorID, p->deviceID,
                           p->driverVersion);
    g_string_append_printf(text, "%s\n%s\n", physical->driver.driverName,
                           physical->driver.driverInfo);
    g_string_append_printf(text, "%s\n%016" PRIx64 "\n", physical->cpu, sfm_spirv_hash());
    for (size_t i = 0; i < target->num_kernels; i++)
        g_string_append_printf(text, "%s\n", target->kernels[i]->name);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

// The family's kernels, and behind them the plain ones.
static const SfmKernel **list_kernels(const SfmVkFamily *family, size_t *num)
{
    g_autoptr(GPtrArray) kernels = g_ptr_array_new();

    for (size_t i = 0; family->kernels[i]; i++)
        g_ptr_array_add(kernels, (gpointer)&family->kernels[i]->base);
    for (int i = 0; i < sfm_num_ops; i++)
        g_ptr_array_add(kernels, (gpointer)&plain_kernels[i].base);
    return (const SfmKernel **)g_ptr_array_steal(kernels, num);
}

void sfm_vk_target_init_with(SfmVkTarget *t, const SfmPhysical *physical, const SfmVkFamily *family)
{
    const VkPhysicalDeviceLimits *limits = &physical->properties.limits;
    const Speeds speeds = speeds_of(physical);
    size_t alignment = 64; // a cache line
    alignment = MAX(alignment, limits->minStorageBufferOffsetAlignment);
    alignment = MAX(alignment, limits->minTexelBufferOffsetAlignment);
    t->target = (SfmTarget){
        .name = family->name,
        .halves = family->halves,
        .alignment = alignment,
        .max_block = max_block(physical, family, alignment),
        .gflops = speeds.gflops,
        .gbytes_per_second = speeds.gbytes_per_second,
    };
    t->kernels = list_kernels(family, &t->target.num_kernels);
    t->target.kernels = t->kernels;
    t->identity = identity_of(physical, &t->target);
}

bool sfm_vk_target_init(SfmVkTarget *t, const SfmPhysical *physical, GError **error)
{
    const SfmVkFamily *family = sfm_vk_family_choose(physical, g_getenv("SFUMATO_KERNELS"), error);

    if (family)
        sfm_vk_target_init_with(t, physical, family);
    return family != NULL;
}

void sfm_vk_target_clear(SfmVkTarget *t)
{
    g_clear_pointer(&t->kernels, g_free);
    g_clear_pointer(&t->identity, g_free);
}

const SfmKernel *sfm_vk_kernel_named(const char *name)
{
    for (size_t f = 0; f < sfm_vk_num_families; f++) {
        const SfmVkKernel *const *kernels = sfm_vk_families[f].kernels;
        for (size_t i = 0; kernels[i]; i++) {
            if (g_str_equal(kernels[i]->base.name, name))
                return &kernels[i]->base;
        }
    }
    for (int i = 0; i < sfm_num_ops; i++) {
        if (g_str_equal(plain_kernels[i].base.name, name))
            return &plain_kernels[i].base;
    }
    return NULL;
}

// Families share kernels.
static void add_name(GPtrArray *names, const SfmKernel *kernel, const char *key)
{
    if (sfm_kernel_suits(kernel, key) &&
        !g_ptr_array_find_with_equal_func(names, kernel->name, g_str_equal, NULL))
        g_ptr_array_add(names, (gpointer)kernel->name);
}

char *sfm_vk_kernels_for(const char *key)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (size_t f = 0; f < sfm_vk_num_families; f++) {
        const SfmVkKernel *const *kernels = sfm_vk_families[f].kernels;
        for (size_t i = 0; kernels[i]; i++)
            add_name(names, &kernels[i]->base, key);
    }
    for (int i = 0; i < sfm_num_ops; i++)
        add_name(names, &plain_kernels[i].base, key);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

const SfmKernel *sfm_vk_plain_kernel(const SfmVkTarget *t, const SfmOp *op)
{
    const size_t first = t->target.num_kernels - (size_t)sfm_num_ops;
    for (int i = 0; i < sfm_num_ops; i++) {
        if (sfm_ops[i] == op)
            return t->kernels[first + (size_t)i];
    }
    g_assert_not_reached();
}
