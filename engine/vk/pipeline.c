// SPDX-License-Identifier: GPL-3.0-or-later
//
// How vk/ makes anything: the half-made object belongs to a g_autoptr from its
// first field on, each step may fail by returning false, and only a whole
// object is stolen from the g_autoptr. No failure has a clean-up of its own.
//
// There is no goto: jumping past a g_autoptr's declaration frees what was never
// set. clang refuses it, gcc does not even warn.

#include "vk/pipeline.h"

#include "vk/check.h"
#include "vk/kernel.h"

static bool make_module(SfmPipeline *p, const SfmPipelineInfo *shader, GError **error)
{
    const VkShaderModuleCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
        .codeSize = shader->size,
        .pCode = shader->words,
    };
    return VK(p->dev, error, vkCreateShaderModule, p->dev->handle, &info, NULL, &p->module);
}

static bool make_set_layout(SfmPipeline *p, GError **error)
{
    VkDescriptorSetLayoutBinding bindings[SFM_MAX_BINDINGS];
    g_assert(p->num_bindings <= G_N_ELEMENTS(bindings));

    for (uint32_t i = 0; i < p->num_bindings; i++) {
        bindings[i] = (VkDescriptorSetLayoutBinding){
            .binding = i,
            .descriptorType = p->texels >> i & 1 ? VK_DESCRIPTOR_TYPE_STORAGE_TEXEL_BUFFER
                                                 : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
            .descriptorCount = 1,
            .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
        };
    }

    const VkDescriptorSetLayoutCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
        .bindingCount = p->num_bindings,
        .pBindings = bindings,
    };
    return VK(p->dev, error, vkCreateDescriptorSetLayout, p->dev->handle, &info, NULL,
              &p->set_layout);
}

static bool make_layout(SfmPipeline *p, GError **error)
{
    const VkPushConstantRange push = {
        .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
        .size = SFM_MAX_PUSH,
    };
    const VkPipelineLayoutCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
        .setLayoutCount = 1,
        .pSetLayouts = &p->set_layout,
        .pushConstantRangeCount = 1,
        .pPushConstantRanges = &push,
    };
    return VK(p->dev, error, vkCreatePipelineLayout, p->dev->handle, &info, NULL, &p->layout);
}

static bool make_pipeline(SfmPipeline *p, GError **error)
{
    const VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .flags = VK_PIPELINE_CREATE_DISPATCH_BASE, // sfm_dispatch_record_part()
        .stage = {
            .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
            .stage = VK_SHADER_STAGE_COMPUTE_BIT,
            .module = p->module,
            .pName = "main",
        },
        .layout = p->layout,
    };
    return VK(p->dev, error, vkCreateComputePipelines, p->dev->handle, VK_NULL_HANDLE, 1, &info,
              NULL, &p->handle);
}

SfmPipeline *sfm_pipeline_new(SfmDevice *dev, const SfmPipelineInfo *info, GError **error)
{
    g_autoptr(SfmPipeline) p = g_new0(SfmPipeline, 1);
    p->dev = dev;
    p->num_bindings = info->num_bindings;
    p->texels = info->texels;

    if (!make_module(p, info, error) || !make_set_layout(p, error) || !make_layout(p, error) ||
        !make_pipeline(p, error))
        return NULL;
    return g_steal_pointer(&p);
}

void sfm_pipeline_free(SfmPipeline *p)
{
    if (!p)
        return;

    // Vulkan ignores the handles that are null.
    SfmDevice *dev = p->dev;
    dev->fn.vkDestroyPipeline(dev->handle, p->handle, NULL);
    dev->fn.vkDestroyPipelineLayout(dev->handle, p->layout, NULL);
    dev->fn.vkDestroyDescriptorSetLayout(dev->handle, p->set_layout, NULL);
    dev->fn.vkDestroyShaderModule(dev->handle, p->module, NULL);
    g_free(p);
}
