// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "command.h"
#include "common/translation.h"
#include "tuning.h"

static void print_device(const SfmDeviceInfo *device)
{
    g_autofree char *memory = g_format_size_full(device->memory_size, G_FORMAT_SIZE_IEC_UNITS);

    printf("%d  %s\n", device->index, device->name);
    printf("   %s, %s, Vulkan %s, %s\n", device->kind, device->driver, device->api_version, memory);
    printf("   %s\n", *device->features ? device->features : _("no optional features"));
    if (device->unusable) {
        printf(_("   cannot be used: %s\n"), device->unusable);
        return;
    }
    g_autofree char *tuning = tuning_text(device);
    printf("   %s\n", tuning);
}

static int run(int argc, char **argv)
{
    static const Usage usage = {
        .summary = N_("Lists the Vulkan devices, the fastest first, and what each can do."),
        .details = N_("--device and SFUMATO_DEVICE take the number or a part of the name.\n"),
        .examples = "  sfumato devices\n"
                    "  sfumato generate --device 1 --model digits --class 7 -o seven.png\n",
        .without_device = true,
    };
    g_auto(CommonOptions) common = { 0 };
    g_autoptr(GError) error = NULL;

    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    g_autoptr(GPtrArray) devices = sfm_list_devices(&error);
    if (!devices)
        return fail(error);
    for (guint i = 0; i < devices->len; i++)
        print_device(devices->pdata[i]);
    return STATUS_OK;
}

const Command command_devices = { "devices", N_("list the Vulkan devices"), run };
