// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a launch must wait for those before it; ranges and commands are made up.

#include "vk/hazards.h"

static int num_barriers, num_dispatches;
static SfmDevice dev;
static const SfmPipeline pipeline = { .num_bindings = 2 };
static SfmHazards hazards;

static void count_barrier(VkCommandBuffer cmd, VkPipelineStageFlags from, VkPipelineStageFlags to,
                          VkDependencyFlags flags, uint32_t num_memory,
                          const VkMemoryBarrier *memory, uint32_t num_buffers,
                          const VkBufferMemoryBarrier *buffers, uint32_t num_images,
                          const VkImageMemoryBarrier *images)
{
    num_barriers++;
}

static void count_dispatch(VkCommandBuffer cmd, uint32_t x, uint32_t y, uint32_t z)
{
    num_dispatches++;
}

static void bind_pipeline(VkCommandBuffer cmd, VkPipelineBindPoint point, VkPipeline p)
{
}

static void bind_sets(VkCommandBuffer cmd, VkPipelineBindPoint point, VkPipelineLayout layout,
                      uint32_t first, uint32_t count, const VkDescriptorSet *sets,
                      uint32_t num_offsets, const uint32_t *offsets)
{
}

static SfmRange range(uintptr_t buffer, size_t offset, size_t size)
{
    return (SfmRange){ (VkBuffer)buffer, offset, size };
}

// Records a launch that reads one range and writes another.
static void launch(SfmRange read, SfmRange written)
{
    const SfmDispatch d = { .pipeline = &pipeline, .range = { read, written }, .writes = 1 << 1 };
    sfm_hazards_record(&hazards, &dev, VK_NULL_HANDLE, &d);
}

static void assert_recorded(int dispatches, int barriers)
{
    g_assert_cmpint(num_dispatches, ==, dispatches);
    g_assert_cmpint(num_barriers, ==, barriers);
    num_dispatches = num_barriers = 0;
    sfm_hazards_forget(&hazards);
}

static void what_reads_the_same_need_not_wait(void)
{
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 0, 64), range(1, 128, 64));
    assert_recorded(2, 0);
}

static void what_reads_a_result_waits(void)
{
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 127, 1), range(1, 128, 64)); // the result's last byte
    assert_recorded(2, 1);
}

static void what_overwrites_waits_for_readers_and_writers(void)
{
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 192, 64), range(1, 63, 1)); // what is read
    assert_recorded(2, 1);
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 192, 64), range(1, 64, 1)); // what is written
    assert_recorded(2, 1);
}

static void neighbours_and_other_buffers_do_not_touch(void)
{
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 128, 64), range(1, 192, 64));
    launch(range(2, 64, 64), range(2, 0, 64));
    assert_recorded(3, 0);
}

static void a_barrier_settles_all_before_it(void)
{
    launch(range(1, 0, 64), range(1, 64, 64));
    launch(range(1, 64, 64), range(1, 128, 64));  // waits
    launch(range(1, 64, 64), range(1, 192, 64));  // no longer has to
    launch(range(1, 128, 64), range(1, 256, 64)); // for the second
    assert_recorded(4, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    dev.fn = (struct VolkDeviceTable){
        .vkCmdPipelineBarrier = count_barrier,
        .vkCmdDispatch = count_dispatch,
        .vkCmdBindPipeline = bind_pipeline,
        .vkCmdBindDescriptorSets = bind_sets,
    };
    sfm_hazards_init(&hazards);

#define TEST(name) g_test_add_func("/vk/hazards/" #name, name)
    TEST(what_reads_the_same_need_not_wait);
    TEST(what_reads_a_result_waits);
    TEST(what_overwrites_waits_for_readers_and_writers);
    TEST(neighbours_and_other_buffers_do_not_touch);
    TEST(a_barrier_settles_all_before_it);
    const int result = g_test_run();
    sfm_hazards_clear(&hazards);
    return result;
}
