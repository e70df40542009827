// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/vulkan.h"

#include <dlfcn.h>
#include <string.h>

#include "vk/runner.h"

// Asked for by the leak checker: the validation layer's own leaks are not ours.
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libVkLayer_khronos_validation\n";
}

void keep_drivers(void)
{
    g_autofree char *maps = NULL;
    if (!g_file_get_contents("/proc/self/maps", &maps, NULL, NULL))
        return;

    g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *path = strchr(*line, '/');
        if (path && (strstr(path, "libvulkan_") || strstr(path, "libVkLayer_")))
            dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    }
}

SfmRunner *vulkan_runner(void)
{
    g_autoptr(GError) error = NULL;
    SfmRunner *runner = sfm_vk_runner_new(&(SfmVkOptions){ .validate = true }, &error);

    g_assert_no_error(error);
    keep_drivers();
    return runner;
}
