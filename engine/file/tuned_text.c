// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: a file that is not to the letter what job/tuned.c writes is
// not believed.

#include "file/tuned_text.h"

#include <string.h>

#include "file/field.h"
#include "file/kernel_list.h"
#include "file/source.h"

#define OF(member) offsetof(SfmTunedText, member)

// clang-format off
static const SfmField fields[] = {
    { "device", SFM_FIELD_TEXT, OF(device), .nullable = false },
    { "driver", SFM_FIELD_TEXT, OF(driver), .nullable = false },
    { "identity", SFM_FIELD_TEXT, OF(identity), .nullable = false },
};
// clang-format on

static const char *const keys[] = { "version", "device", "driver", "identity", "kernels", NULL };

static bool check_keys(const char *path, json_t *root, GError **error)
{
    const char *key;
    json_t *value;

    for (size_t i = 0; keys[i]; i++) {
        if (!json_object_get(root, keys[i]))
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: \"%s\" is missing", path, keys[i]);
    }
    json_object_foreach(root, key, value)
    {
        g_autofree char *text = sfm_printable(key);
        if (!g_strv_contains(keys, key))
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: \"%s\" is not a key of such a file",
                            path, text);
    }
    return true;
}

static bool check_version(const char *path, const json_t *root, GError **error)
{
    const json_t *version = json_object_get(root, "version");
    g_autofree char *text = sfm_json_describe(version);

    return (json_is_integer(version) && json_integer_value(version) == SFM_TUNED_VERSION) ||
           sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: is of version %s, not %d", path, text,
                    SFM_TUNED_VERSION);
}

bool sfm_tuned_text_read(const char *path, SfmTunedText *out, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(path, error);

    if (!root || !check_keys(path, root, error) || !check_version(path, root, error) ||
        !sfm_fields_read(path, root, fields, G_N_ELEMENTS(fields), out, error))
        return false;
    out->kernels = sfm_kernel_list_read(path, "kernels", json_object_get(root, "kernels"),
                                        SFM_TUNED_MAX_KERNELS, error);
    return out->kernels != NULL;
}

void sfm_tuned_text_clear(SfmTunedText *text)
{
    g_free(text->device);
    g_free(text->driver);
    g_free(text->identity);
    g_strfreev(text->kernels);
    *text = (SfmTunedText){ 0 };
}
