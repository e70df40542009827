// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whichever Vulkan call fails, the runner says so, goes on, and keeps nothing:
// each call of a scenario fails in turn, by a wrapper in the device's table. The
// validation layer counts what is alive when the device is destroyed, the
// sanitizer what is on the host.

#include "ops/conv2d.h"
#include "support/vulkan.h"
#include "vk/state.h"

static SfmRunner *runner;
static struct VolkDeviceTable real;
static gint num_calls; // atomic: pipelines are made by several threads
static int fail_at;    // 0: none fails

static bool fails(void)
{
    return g_atomic_int_add(&num_calls, 1) + 1 == fail_at;
}

// A wrapper for a function of the table: its parameters, and how they are passed on.
#define WRAP(name, params, args)                                             \
    static VkResult name params                                              \
    {                                                                        \
        return fails() ? VK_ERROR_OUT_OF_DEVICE_MEMORY : real.vk##name args; \
    }

// The same where the device must be asked all the same.
#define WRAP_AFTER(name, params, args)                           \
    static VkResult name params                                  \
    {                                                            \
        const VkResult result = real.vk##name args;              \
        return fails() ? VK_ERROR_OUT_OF_DEVICE_MEMORY : result; \
    }

#define WRAP_CREATE(thing, info)                                                                   \
    WRAP(Create##thing, (VkDevice d, const info *i, const VkAllocationCallbacks *a, Vk##thing *o), \
         (d, i, a, o))

WRAP_CREATE(ShaderModule, VkShaderModuleCreateInfo)
WRAP_CREATE(DescriptorSetLayout, VkDescriptorSetLayoutCreateInfo)
WRAP_CREATE(PipelineLayout, VkPipelineLayoutCreateInfo)
WRAP_CREATE(Buffer, VkBufferCreateInfo)
WRAP_CREATE(BufferView, VkBufferViewCreateInfo)
WRAP_CREATE(CommandPool, VkCommandPoolCreateInfo)
WRAP_CREATE(DescriptorPool, VkDescriptorPoolCreateInfo)
WRAP_CREATE(QueryPool, VkQueryPoolCreateInfo)
WRAP_CREATE(Fence, VkFenceCreateInfo)
WRAP(CreateComputePipelines,
     (VkDevice d, VkPipelineCache c, uint32_t n, const VkComputePipelineCreateInfo *i,
      const VkAllocationCallbacks *a, VkPipeline *o),
     (d, c, n, i, a, o))
WRAP(AllocateMemory,
     (VkDevice d, const VkMemoryAllocateInfo *i, const VkAllocationCallbacks *a, VkDeviceMemory *o),
     (d, i, a, o))
WRAP(BindBufferMemory, (VkDevice d, VkBuffer b, VkDeviceMemory m, VkDeviceSize o), (d, b, m, o))
WRAP(MapMemory,
     (VkDevice d, VkDeviceMemory m, VkDeviceSize o, VkDeviceSize s, VkMemoryMapFlags f, void **p),
     (d, m, o, s, f, p))
WRAP(AllocateCommandBuffers, (VkDevice d, const VkCommandBufferAllocateInfo *i, VkCommandBuffer *o),
     (d, i, o))
WRAP(AllocateDescriptorSets, (VkDevice d, const VkDescriptorSetAllocateInfo *i, VkDescriptorSet *o),
     (d, i, o))
WRAP(BeginCommandBuffer, (VkCommandBuffer c, const VkCommandBufferBeginInfo *i), (c, i))
WRAP(EndCommandBuffer, (VkCommandBuffer c), (c))
WRAP(QueueSubmit, (VkQueue q, uint32_t n, const VkSubmitInfo *i, VkFence f), (q, n, i, f))
WRAP_AFTER(WaitForFences, (VkDevice d, uint32_t n, const VkFence *f, VkBool32 a, uint64_t t),
           (d, n, f, a, t))
WRAP_AFTER(ResetFences, (VkDevice d, uint32_t n, const VkFence *f), (d, n, f))
WRAP_AFTER(ResetDescriptorPool, (VkDevice d, VkDescriptorPool p, VkDescriptorPoolResetFlags f),
           (d, p, f))
WRAP(GetQueryPoolResults,
     (VkDevice d, VkQueryPool q, uint32_t i, uint32_t n, size_t s, void *p, VkDeviceSize t,
      VkQueryResultFlags f),
     (d, q, i, n, s, p, t, f))

static void wrap(struct VolkDeviceTable *fn)
{
    real = *fn;
#define SLOT(name) fn->vk##name = name
    SLOT(CreateShaderModule);
    SLOT(CreateDescriptorSetLayout);
    SLOT(CreatePipelineLayout);
    SLOT(CreateBuffer);
    SLOT(CreateBufferView);
    SLOT(CreateCommandPool);
    SLOT(CreateDescriptorPool);
    SLOT(CreateQueryPool);
    SLOT(CreateFence);
    SLOT(CreateComputePipelines);
    SLOT(AllocateMemory);
    SLOT(BindBufferMemory);
    SLOT(MapMemory);
    SLOT(AllocateCommandBuffers);
    SLOT(AllocateDescriptorSets);
    SLOT(BeginCommandBuffer);
    SLOT(EndCommandBuffer);
    SLOT(QueueSubmit);
    SLOT(WaitForFences);
    SLOT(ResetFences);
    SLOT(ResetDescriptorPool);
    SLOT(GetQueryPoolResults);
#undef SLOT
}

static bool give(void *user_data, const char *name, SfmShape shape, float *out, GError **error)
{
    for (size_t i = 0; i < sfm_shape_count(shape); i++)
        out[i] = (float)(i % 7) - 3.0f;
    return true;
}

#define CHANNELS 8
#define SIDE     8
#define COUNT    (CHANNELS * SIDE * SIDE)

// What a scenario holds; all of it may be missing.
typedef struct {
    SfmGraph *graph;
    SfmPlan *plan;
    SfmProgram *program;
    SfmBuffer *x, *y;
    float got[COUNT];
} Scene;

static SfmGraph *convolution(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
    SfmGraph *graph = sfm_graph_new();
    const SfmValue in[] = {
        sfm_graph_input(graph, "x", SFM_SHAPE(1, CHANNELS, SIDE, SIDE)),
        sfm_graph_weight(graph, "weight", SFM_SHAPE(CHANNELS, CHANNELS, 3, 3)),
        sfm_graph_weight(graph, "bias", SFM_SHAPE(1, CHANNELS, 1, 1)),
    };
    sfm_graph_output(graph, sfm_graph_call(graph, sfm_op_find("conv2d"), &attrs, 3, in));
    g_assert_true(sfm_graph_check(graph, NULL));
    return graph;
}

static bool open_stream(GError **error)
{
    SfmStream stream = { 0 };
    const bool ok = sfm_stream_init(&stream, sfm_vk_runner(runner)->dev, error);
    sfm_stream_clear(&stream);
    return ok;
}

static bool use_buffers(Scene *s, GError **error)
{
    const SfmShape shape = SFM_SHAPE(1, CHANNELS, SIDE, SIDE);
    const SfmCall copy = {
        .op = sfm_op_find("copy"),
        .num_inputs = 1,
        .in = { shape },
        .out = { shape },
    };
    const SfmExpr twice = {
        .num_nodes = 2,
        .num_tensors = 1,
        .node = { { .kind = SFM_EXPR_TENSOR }, { .kind = SFM_EXPR_ADD } },
    };
    float data[COUNT];

    give(NULL, "x", shape, data, NULL);
    return (s->x = sfm_buffer_new(runner, shape, error)) &&
           (s->y = sfm_buffer_new(runner, shape, error)) &&
           sfm_buffer_write(runner, s->x, data, error) &&
           sfm_runner_call(runner, &copy, &s->y, &s->x, error) &&
           sfm_runner_eval(runner, &twice, NULL, &s->y, s->x, error) &&
           sfm_buffer_read(runner, s->y, s->got, error);
}

static bool use_program(Scene *s, GError **error)
{
    SfmProgramTimes times;
    return (s->program = sfm_program_new(runner, s->plan, give, NULL, error)) &&
           sfm_program_run(runner, s->program, &s->y, &s->x, NULL, error) &&
           sfm_program_time(runner, s->program, &times, error) &&
           sfm_buffer_read(runner, s->y, s->got, error);
}

// All that a runner does. Pipelines, staging and spare memory are made anew each time.
static bool play(Scene *s, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_pipelines_clear(&vk->pipelines);
    sfm_pipelines_init(&vk->pipelines, vk->dev);
    g_clear_pointer(&vk->stream.staging, sfm_vk_memory_free);
    g_ptr_array_set_size(vk->spare, 0);
    s->graph = convolution();
    s->plan = sfm_plan_new(s->graph, runner->target, NULL);
    return open_stream(error) && use_buffers(s, error) && use_program(s, error);
}

static void scene_clear(Scene *s)
{
    sfm_program_free(runner, s->program);
    sfm_buffer_free(runner, s->x);
    sfm_buffer_free(runner, s->y);
    sfm_plan_free(s->plan);
    sfm_graph_free(s->graph);
}

static void pretend(VkPhysicalDeviceType kind)
{
    sfm_vk_runner(runner)->dev->physical.properties.deviceType = kind;
}

// On a discrete GPU, which has the longer way in and out: by staging.
static void goes_on_whichever_call_fails(void)
{
    Scene whole = { 0 };
    num_calls = fail_at = 0;
    pretend(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU);
    g_assert_true(play(&whole, NULL));
    scene_clear(&whole);
    const int total = num_calls;
    g_test_message("%d calls", total);
    g_assert_cmpint(total, >, 60);

    for (int call = 1; call <= total; call++) {
        g_autoptr(GError) error = NULL;
        Scene cut = { 0 };
        num_calls = 0;
        fail_at = call;
        g_assert_false(play(&cut, &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
        scene_clear(&cut);
        g_assert_true(sfm_stream_flush(&sfm_vk_runner(runner)->stream, NULL));
    }

    Scene again = { 0 };
    fail_at = 0;
    pretend(VK_PHYSICAL_DEVICE_TYPE_CPU); // where all is mapped, the same comes out
    g_assert_true(play(&again, NULL));
    g_assert_cmpmem(again.got, sizeof(again.got), whole.got, sizeof(whole.got));
    scene_clear(&again);
    g_ptr_array_set_size(sfm_vk_runner(runner)->spare, 0);
    g_assert_cmpuint(sfm_vk_runner(runner)->dev->allocated, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();
    wrap(&sfm_vk_runner(runner)->dev->fn);

    g_test_add_func("/vk/failures/goes_on_whichever_call_fails", goes_on_whichever_call_fails);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
