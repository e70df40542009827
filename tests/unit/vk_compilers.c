// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pipelines that threads make while their owner does something else.

#include "support/vulkan.h"
#include "vk/compilers.h"
#include "vk/state.h"

static SfmRunner *runner;
static PFN_vkCreateComputePipelines real;
static gint num_made, num_refused; // atomic
static gint refuse_from;           // the first call that fails, from 1 up; 0: none

static VkResult count(VkDevice d, VkPipelineCache cache, uint32_t num,
                      const VkComputePipelineCreateInfo *info, const VkAllocationCallbacks *a,
                      VkPipeline *out)
{
    const gint call = g_atomic_int_add(&num_made, 1) + 1;

    if (refuse_from > 0 && call >= refuse_from) {
        g_atomic_int_inc(&num_refused);
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    return real(d, cache, num, info, a, out);
}

static SfmPipelines *fresh(gint first_refused)
{
    SfmPipelines *pipelines = &sfm_vk_runner(runner)->pipelines;

    sfm_pipelines_clear(pipelines);
    sfm_pipelines_init(pipelines, sfm_vk_runner(runner)->dev);
    num_made = num_refused = 0;
    refuse_from = first_refused;
    return pipelines;
}

static SfmCompilers *wanting(SfmPipelines *pipelines)
{
    const char *const shaders[] = { "add", "copy", "concat", "add", "activation", "copy" };
    SfmCompilers *compilers = sfm_compilers_new(pipelines);

    for (size_t i = 0; i < G_N_ELEMENTS(shaders); i++)
        g_assert_true(sfm_compilers_want(compilers, shaders[i], 3, 0, NULL));
    g_assert_true(sfm_compilers_want(compilers, "copy", 2, 0, NULL)); // another one
    return compilers;
}

static void makes_each_that_is_wanted_once(void)
{
    SfmPipelines *pipelines = fresh(0);
    g_autoptr(SfmCompilers) compilers = wanting(pipelines);
    g_autoptr(GError) error = NULL;

    sfm_compilers_start(compilers);
    g_assert_true(sfm_compilers_finish(compilers, &error));
    g_assert_cmpint(num_made, ==, 5);
    g_assert_nonnull(sfm_pipelines_find(pipelines, "copy", 3, 0, &error));
    g_assert_nonnull(sfm_pipelines_find(pipelines, "copy", 2, 0, &error));
    g_assert_cmpint(num_made, ==, 5);
}

static void wants_none_that_is_there(void)
{
    SfmPipelines *pipelines = fresh(0);
    sfm_pipelines_find(pipelines, "copy", 3, 0, NULL);
    sfm_pipelines_find(pipelines, "add", 3, 0, NULL);
    g_autoptr(SfmCompilers) compilers = wanting(pipelines);

    sfm_compilers_start(compilers);
    g_assert_true(sfm_compilers_finish(compilers, NULL));
    g_assert_cmpint(num_made, ==, 5);
}

static void says_which_shader_is_refused(void)
{
    g_autoptr(SfmCompilers) compilers = wanting(fresh(1));
    g_autoptr(GError) error = NULL;

    sfm_compilers_start(compilers);
    g_assert_false(sfm_compilers_finish(compilers, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_assert_true(g_str_has_prefix(error->message, "add: "));
}

// Those that were made in spite of it are kept by nobody: the validation layer
// would count them.
static void one_that_is_refused_spoils_the_rest(void)
{
    g_autoptr(SfmCompilers) compilers = wanting(fresh(3));
    g_autoptr(GError) error = NULL;

    sfm_compilers_start(compilers);
    g_assert_false(sfm_compilers_finish(compilers, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_assert_cmpint(num_refused, ==, 3);
}

static void drops_what_has_not_begun(void)
{
    g_autoptr(SfmCompilers) never = wanting(fresh(0));
    g_clear_pointer(&never, sfm_compilers_free);
    g_assert_cmpint(num_made, ==, 0);

    SfmCompilers *begun = wanting(fresh(0));
    sfm_compilers_start(begun);
    sfm_compilers_free(begun); // waits for those under way
    const gint made = num_made;
    g_usleep(20000);
    g_assert_cmpint(num_made, ==, made);
}

static void refuses_a_shader_that_there_is_not(void)
{
    g_autoptr(SfmCompilers) compilers = sfm_compilers_new(fresh(0));
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_compilers_want(compilers, "lavapipe/abacus", 2, 0, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();
    struct VolkDeviceTable *fn = &sfm_vk_runner(runner)->dev->fn;
    real = fn->vkCreateComputePipelines;
    fn->vkCreateComputePipelines = count;

#define TEST(name) g_test_add_func("/vk/compilers/" #name, name)
    TEST(makes_each_that_is_wanted_once);
    TEST(wants_none_that_is_there);
    TEST(says_which_shader_is_refused);
    TEST(one_that_is_refused_spoils_the_rest);
    TEST(drops_what_has_not_begun);
    TEST(refuses_a_shader_that_there_is_not);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
