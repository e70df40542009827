// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sfumato/system.h>

#include "common/translation.h"
#include "doctor.h"
#include "tuning.h"

#define MIN_FREE_MEMORY \
    (512 * 1024 * UINT64_C(1024)) // bytes; with less, a system is about to end programs

// The engine's sentences begin small, since a file's name often stands before them.
static Check *add_failure(Report *report, const char *name, CheckState state, const GError *error)
{
    return report_add(report, name, state, "%s", error->message);
}

// ---- Vulkan -----------------------------------------------------------------

static bool check_loader(Report *report)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmLoaderInfo) loader = sfm_find_loader(&error);
    Check *check =
        loader ? report_add(report, N_("Vulkan loader"), CHECK_OK, "Vulkan %s", loader->version)
               : add_failure(report, N_("Vulkan loader"), CHECK_MISSING, error);

    check->needed = true;
    if (!loader) {
        check->remedy = remedy_install("libvulkan1 mesa-vulkan-drivers");
        return false;
    }
    if (loader->validation) {
        report_add(report, N_("validation layers"), CHECK_OK, _("They are there, for --validate"));
        return true;
    }
    check = report_add(report, N_("validation layers"), CHECK_MISSING,
                       _("They are not there; only --validate needs them"));
    check->remedy = remedy_install("vulkan-validationlayers");
    return true;
}

// A variable that hides the system's drivers, if what it names is not there.
static void check_driver_variable(Report *report, const char *name)
{
    const char *value = g_getenv(name);
    g_auto(GStrv) files = g_strsplit(value ? value : "", ":", -1);

    for (size_t i = 0; files[i]; i++) {
        if (!*files[i] || g_file_test(files[i], G_FILE_TEST_EXISTS))
            continue;
        Check *check = report_add(report, N_("Vulkan drivers"), CHECK_BROKEN,
                                  _("%s names %s, which is not there"), name, files[i]);
        check->remedy = g_strdup_printf(_("Unset %s, and the system's drivers are found"), name);
    }
}

static void say_devices(Report *report, const GPtrArray *devices)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < devices->len; i++)
        g_ptr_array_add(names, ((SfmDeviceInfo *)devices->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv("; ", (char **)names->pdata);
    report_add(report, N_("Vulkan drivers"), CHECK_OK,
               sfm_translated_plural("%u device: %s", "%u devices: %s", devices->len), devices->len,
               list);
}

static GPtrArray *check_drivers(Report *report)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *devices = sfm_list_devices(&error);

    check_driver_variable(report, "VK_DRIVER_FILES");
    check_driver_variable(report, "VK_ICD_FILENAMES");
    if (devices && devices->len > 0) {
        say_devices(report, devices);
        return devices;
    }
    Check *check = devices ? report_add(report, N_("Vulkan drivers"), CHECK_MISSING,
                                        _("The drivers that there are show no device"))
                           : add_failure(report, N_("Vulkan drivers"), CHECK_MISSING, error);
    check->needed = true;
    check->remedy = remedy_install("mesa-vulkan-drivers");
    g_clear_pointer(&devices, g_ptr_array_unref);
    return NULL;
}

static void check_other_devices(Report *report, const GPtrArray *devices)
{
    for (guint i = 0; i < devices->len; i++) {
        const SfmDeviceInfo *device = devices->pdata[i];
        if (device->unusable)
            report_add(report, N_("another device"), CHECK_BROKEN, _("%d, %s, cannot be used: %s"),
                       device->index, device->name, device->unusable);
    }
}

// The first of that name; NULL: "reference", which is none.
static const SfmDeviceInfo *device_named(const GPtrArray *devices, const char *name)
{
    for (guint i = 0; devices && i < devices->len; i++) {
        const SfmDeviceInfo *device = devices->pdata[i];
        if (strcmp(device->name, name) == 0)
            return device;
    }
    return NULL;
}

// ---- the device that is used --------------------------------------------------

static void say_device(Report *report, const SfmDeviceInfo *device)
{
    const bool software = strcmp(device->kind, "CPU") == 0;
    Check *check = report_add(
        report, N_("device"), CHECK_OK,
        software ? _("%d, %s: %s, %s, Vulkan %s; this is software, right but slower than a GPU")
                 : "%d, %s: %s, %s, Vulkan %s",
        device->index, device->name, device->kind, device->driver, device->api_version);

    check->needed = true;
    if (software)
        check->remedy = g_strdup(_("If there is a GPU, install its Vulkan driver"));
}

static void say_tuning(Report *report, const SfmDeviceInfo *device)
{
    g_autofree char *text = tuning_text(device);
    report_add(report, N_("kernels"), CHECK_OK, "%s", text);
}

static SfmEngine *check_device(Report *report, const GPtrArray *devices,
                               const CommonOptions *common)
{
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = open_engine(common, &error);
    if (!engine) {
        Check *check = add_failure(report, N_("device"), CHECK_BROKEN, error);
        check->needed = true;
        check->remedy = g_strdup(common->device || !g_getenv("SFUMATO_DEVICE")
                                     ? _("Choose another with --device")
                                     : _("Unset SFUMATO_DEVICE, or set it to another"));
        return NULL;
    }

    const SfmDeviceInfo *device = device_named(devices, sfm_engine_device(engine));
    if (device) {
        say_device(report, device);
        say_tuning(report, device);
    } else {
        report_add(report, N_("device"), CHECK_OK, _("%s: computes without Vulkan, very slowly"),
                   sfm_engine_device(engine))
            ->needed = true;
    }
    return engine;
}

// ---- memory -----------------------------------------------------------------

// Bytes that the machine could still give; 0: it does not say.
static uint64_t free_memory(void)
{
    g_autofree char *text = NULL;
    unsigned long long kibibytes = 0;

    if (!g_file_get_contents("/proc/meminfo", &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "MemAvailable:");
    return line && sscanf(line, "MemAvailable: %llu", &kibibytes) == 1 ? kibibytes * 1024 : 0;
}

static void check_memory(Report *report, const SfmDeviceInfo *device)
{
    const uint64_t bytes = free_memory();
    g_autofree char *size = g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);

    if (device) {
        g_autofree char *heap = g_format_size_full(device->memory_size, G_FORMAT_SIZE_IEC_UNITS);
        report_add(report, N_("device memory"), CHECK_OK, "%s", heap);
    }
    if (bytes >= MIN_FREE_MEMORY)
        report_add(report, N_("memory"), CHECK_OK, _("%s are free"), size);
    else if (bytes > 0)
        report_add(report, N_("memory"), CHECK_BROKEN, _("Only %s are free"), size)->remedy =
            g_strdup(_("End other programs, or choose small sizes"));
}

SfmEngine *doctor_check_vulkan(Report *report, const CommonOptions *common)
{
    g_autoptr(GPtrArray) devices = check_loader(report) ? check_drivers(report) : NULL;
    SfmEngine *engine = devices ? check_device(report, devices, common) : NULL;

    if (devices)
        check_other_devices(report, devices);
    check_memory(report, engine ? device_named(devices, sfm_engine_device(engine)) : NULL);
    return engine;
}
