// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cpu_model.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

void sfm_cpu_model(char *model, size_t size)
{
    sfm_cpu_model_in("/proc/cpuinfo", model, size);
}

// Only to the first such line: the file has one a processor, and takes the kernel
// milliseconds to write where there are many.
void sfm_cpu_model_in(const char *path, char *model, size_t size)
{
    FILE *file = fopen(path, "r");
    char line[512];

    *model = '\0';
    while (file && !*model && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (colon && g_str_has_prefix(line, "model name"))
            g_strlcpy(model, g_strstrip(colon + 1), size);
    }
    if (file)
        fclose(file);
}
