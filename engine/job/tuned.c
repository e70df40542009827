// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/tuned.h"

#include <errno.h>
#include <string.h>

#include <sfumato/system.h>
#include <sfumato/write.h>

#include "file/tuned_text.h"
#include "vk/runner.h"

SfmChoices *sfm_kernels_parse(const char *const *lines, GError **error)
{
    g_autoptr(SfmChoices) choices = sfm_choices_parse(lines, error);
    g_autofree const char **keys = choices ? sfm_choices_keys(choices) : NULL;

    for (size_t i = 0; choices && keys[i]; i++) {
        const char *name = sfm_choices_find(choices, keys[i]);
        if (sfm_kernel_suits(sfm_vk_kernel_named(name), keys[i]))
            continue;
        g_autofree char *all = sfm_vk_kernels_for(keys[i]);
        sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                 "kernels: this version of Sfumato has no \"%s\" for \"%s\", which one of these "
                 "runs: %s",
                 name, keys[i], all);
        return NULL;
    }
    return g_steal_pointer(&choices);
}

char *sfm_tuned_path(const char *identity)
{
    g_autofree char *name = g_strdup_printf("kernels-%.16s.json", identity);
    return g_build_filename(g_get_user_cache_dir(), "sfumato", name, NULL);
}

// ---- reading ----------------------------------------------------------------

static SfmChoices *read_file(const char *path, const char *identity, const SfmTarget *target,
                             GError **error)
{
    g_auto(SfmTunedText) text = { 0 };
    if (!sfm_tuned_text_read(path, &text, error))
        return NULL;
    if (strcmp(text.identity, identity) != 0) {
        sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                 "%s: is of another device, driver or build: of %s, %s", path, text.device,
                 text.driver);
        return NULL;
    }

    g_autoptr(SfmChoices) choices = sfm_choices_parse((const char *const *)text.kernels, error);
    if (choices && (!target || sfm_target_check_choices(target, choices, error)))
        return g_steal_pointer(&choices);
    g_prefix_error(error, "%s: ", path);
    return NULL;
}

SfmChoices *sfm_tuned_read(const char *identity, const SfmTarget *target, GError **error)
{
    g_autofree char *path = sfm_tuned_path(identity);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? read_file(path, identity, target, error) : NULL;
}

SfmChoices *sfm_tuned_load(const char *identity, const SfmTarget *target)
{
    g_autoptr(GError) error = NULL;
    SfmChoices *choices = sfm_tuned_read(identity, target, &error);

    if (error)
        g_message(
            "%s; the usual kernels are used instead: run \"sfumato tune\" to measure anew, or "
            "\"sfumato tune --forget\"",
            error->message);
    return choices;
}

// ---- writing ----------------------------------------------------------------

static void add_member(GString *out, const char *key, const char *value)
{
    g_string_append_printf(out, ",\n  \"%s\": ", key);
    sfm_json_string(out, value);
}

// One a line, for people who look.
static void add_kernels(GString *out, const SfmChoices *choices)
{
    g_autofree const char **keys = sfm_choices_keys(choices);

    g_string_append(out, ",\n  \"kernels\": {");
    for (size_t i = 0; keys[i]; i++) {
        g_string_append(out, i > 0 ? ",\n    " : "\n    ");
        sfm_json_string(out, keys[i]);
        g_string_append(out, ": ");
        sfm_json_string(out, sfm_choices_find(choices, keys[i]));
    }
    g_string_append(out, keys[0] ? "\n  }\n}\n" : "}\n}\n");
}

static bool make_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);

    return g_mkdir_with_parents(folder, 0700) == 0 ||
           sfm_fail(error, SFM_ERROR_NOT_WRITTEN, "%s: cannot be made: %s", folder,
                    g_strerror(errno));
}

bool sfm_tuned_write(const SfmTunedDevice *device, const SfmChoices *choices, GError **error)
{
    g_autofree char *path = sfm_tuned_path(device->identity);
    g_autoptr(GString) out = g_string_new(NULL);

    g_string_append_printf(out, "{\n  \"version\": %d", SFM_TUNED_VERSION);
    add_member(out, "device", device->name);
    add_member(out, "driver", device->driver);
    add_member(out, "identity", device->identity);
    add_kernels(out, choices);
    return make_folder(path, error) && sfm_write_file(path, out->str, out->len, error);
}
