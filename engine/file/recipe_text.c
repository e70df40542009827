// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: what job/recipe.c writes can be read here, and nothing
// that is read is passed over: a key that is unknown would have meant something.

#include "file/recipe_text.h"

#include <math.h>
#include <string.h>

#include "file/field.h"
#include "file/kernel_list.h"
#include "file/source.h"

#define PATH         "recipe" // of messages
#define MAX_SETTINGS 1000
#define MAX_SETTING  8192 // bytes
#define MAX_SIDE     (1 << 20)
#define MAX_STEPS    1000000
#define MAX_IMAGE    1000000
#define MAX_KERNELS  10000

// ---- objects ----------------------------------------------------------------

static bool missing(const char *key, GError **error)
{
    return sfm_fail(error, SFM_ERROR_BAD_FILE, PATH ": \"%s\" is missing", key);
}

// Whether all keys of an object are among `keys`, which ends with NULL. `of` is the
// object's name with a dot, or "".
static bool check_keys(json_t *object, const char *of, const char *const *keys, GError **error)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (g_strv_contains(keys, key))
            continue;
        g_autofree char *text = sfm_printable(key);
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        PATH ": \"%s%s\" is not a key that this version of Sfumato knows; make the "
                             "picture with the version that wrote it",
                        of, text);
    }
    return true;
}

static bool refuse(const char *key, const json_t *value, const char *wanted, GError **error)
{
    g_autofree char *text = sfm_json_describe(value);
    return sfm_fail(error, SFM_ERROR_BAD_FILE, PATH ": %s: %s is not %s", key, text, wanted);
}

static json_t *get_object(json_t *root, const char *key, GError **error)
{
    json_t *value = json_object_get(root, key);

    if (!value)
        missing(key, error);
    else if (!json_is_object(value))
        refuse(key, value, "an object", error);
    return json_is_object(value) ? value : NULL;
}

// ---- parts ------------------------------------------------------------------

static bool is_hash(const char *text)
{
    return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

// A knob's text may have lines, and is no longer than the engine takes it.
static bool is_setting(const json_t *value)
{
    const char *text = json_string_value(value);
    return text && strlen(text) <= MAX_SETTING && strchr(text, '=') > text;
}

static bool read_settings(const char *key, const json_t *list, char ***out, GError **error)
{
    if (!list)
        return missing(key, error);
    if (!json_is_array(list) || json_array_size(list) > MAX_SETTINGS)
        return refuse(key, list, "a list of settings", error);
    *out = g_new0(char *, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        if (!is_setting(value))
            return refuse(key, value, "of the form name=value", error);
        (*out)[i] = g_strdup(json_string_value(value));
    }
    return true;
}

static bool read_name(const char *of, json_t *object, SfmNamedHash *out, GError **error)
{
    const json_t *name = json_object_get(object, "name"), *hash = json_object_get(object, "hash");

    if (!name || !hash)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, PATH ": %s: \"%s\" is missing", of,
                        name ? "hash" : "name");
    if (!(out->name = sfm_text_read(PATH, of, name, error)))
        return false;
    if (!is_hash(json_string_value(hash)))
        return refuse(of, hash, "a SHA-256 in 64 hexadecimal digits", error);
    out->hash = g_strdup(json_string_value(hash));
    return true;
}

static const char *const name_keys[] = { "name", "hash", NULL };
static const char *const script_keys[] = { "name", "hash", "settings", NULL };
static const char *const note_keys[] = { "key", "value", NULL };

static bool read_model(json_t *root, SfmNamedHash *out, GError **error)
{
    json_t *object = get_object(root, "model", error);
    return object && check_keys(object, "model.", name_keys, error) &&
           read_name("model", object, out, error);
}

static bool read_script(json_t *root, const char *key, SfmNamedHash *out, char ***settings,
                        GError **error)
{
    g_autofree char *of = g_strconcat(key, ".", NULL);
    g_autofree char *of_settings = g_strconcat(key, ".settings", NULL);
    json_t *object = get_object(root, key, error);

    return object && check_keys(object, of, script_keys, error) &&
           read_name(key, object, out, error) &&
           read_settings(of_settings, json_object_get(object, "settings"), settings, error);
}

static bool read_inputs(json_t *root, SfmRecipeText *out, GError **error)
{
    const json_t *list = json_object_get(root, "inputs");

    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > SFM_RECIPE_MAX_INPUTS)
        return refuse("inputs", list, "a list of one picture or two", error);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *object = json_array_get(list, i);
        if (!json_is_object(object))
            return refuse("inputs", object, "an object", error);
        if (!check_keys(object, "inputs.", name_keys, error) ||
            !read_name("inputs", object, &out->inputs[i], error))
            return false;
    }
    return true;
}

// What scripts noted is for people; it only has to be well-formed.
static bool check_notes(json_t *root, GError **error)
{
    const json_t *list = json_object_get(root, "notes");

    if (list && !json_is_array(list))
        return refuse("notes", list, "a list", error);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *note = json_array_get(list, i);
        if (!json_is_object(note))
            return refuse("notes", note, "an object", error);
        if (!check_keys(note, "notes.", note_keys, error))
            return false;
    }
    return true;
}

// ---- the whole --------------------------------------------------------------

static const SfmWord noises[] = { { "philox", false }, { "torch", true }, { NULL, 0 } };
static const SfmWord precisions[] = { { "fp32", false }, { "fp16", true }, { NULL, 0 } };

#define OF(member) offsetof(SfmRecipeText, member)

// clang-format off
static const SfmField fields[] = {
    { "engine", SFM_FIELD_TEXT, OF(engine), .nullable = false },
    { "job", SFM_FIELD_TEXT, OF(job), .nullable = false },
    { "device", SFM_FIELD_TEXT, OF(device), .nullable = false },
    { "steps", SFM_FIELD_INT, OF(steps), .min = 1, .max = MAX_STEPS },
    { "seed", SFM_FIELD_INT, OF(seed), .min = 0, .max = INT32_MAX },
    { "noise", SFM_FIELD_WORD, OF(torch_noise), .words = noises },
    { "image", SFM_FIELD_INT, OF(image), .min = 0, .max = MAX_IMAGE },
    { "width", SFM_FIELD_INT, OF(width), .min = 1, .max = MAX_SIDE },
    { "height", SFM_FIELD_INT, OF(height), .min = 1, .max = MAX_SIDE },
    { "guidance", SFM_FIELD_REAL, OF(guidance), .min = 0, .max = 1e6 },
    { "precision", SFM_FIELD_WORD, OF(halves), .words = precisions },
    // These need not be there.
    { "count", SFM_FIELD_INT, OF(count), .min = 1, .max = MAX_IMAGE },
    { "frame", SFM_FIELD_INT, OF(frame), .min = 1, .max = MAX_IMAGE },
    { "class", SFM_FIELD_TEXT, OF(class_name), .nullable = false },
    { "family", SFM_FIELD_TEXT, OF(family), .nullable = false },
};
// clang-format on

enum { NUM_REQUIRED = 11 };

static const char *const keys[] = {
    "engine", "recipe",   "job",       "job_settings", "inputs",  "model",  "schedule", "sampler",
    "steps",  "seed",     "noise",     "image",        "count",   "frame",  "width",    "height",
    "class",  "guidance", "precision", "family",       "kernels", "device", "notes",    NULL
};

static bool check_version(const json_t *root, GError **error)
{
    const json_t *version = json_object_get(root, "recipe");
    const char *engine = json_string_value(json_object_get(root, "engine"));
    g_autofree char *by = sfm_printable(engine ? engine : "another version");

    if (!version)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        PATH ": \"recipe\" is missing: this is no recipe of Sfumato");
    if (json_is_integer(version) && json_integer_value(version) == SFM_RECIPE_VERSION)
        return true;
    g_autofree char *got = sfm_json_describe(version);
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    PATH ": is of version %s, and this Sfumato reads version %d; make the picture "
                         "with the Sfumato that wrote it, %s",
                    got, SFM_RECIPE_VERSION, by);
}

static bool check_required(const json_t *root, GError **error)
{
    for (size_t i = 0; i < NUM_REQUIRED; i++) {
        if (!json_object_get(root, fields[i].key))
            return missing(fields[i].key, error);
    }
    return true;
}

static bool read_fields(const json_t *root, SfmRecipeText *out, GError **error)
{
    return check_required(root, error) &&
           sfm_fields_read(PATH, root, fields, G_N_ELEMENTS(fields), out, error);
}

// Where there are none, all calls ran with the first that applies.
static bool read_kernels(json_t *root, SfmRecipeText *out, GError **error)
{
    json_t *kernels = json_object_get(root, "kernels");

    out->kernels = kernels ? sfm_kernel_list_read(PATH, "kernels", kernels, MAX_KERNELS, error)
                           : g_new0(char *, 1);
    return out->kernels != NULL;
}

static bool read_parts(json_t *root, SfmRecipeText *out, GError **error)
{
    const json_t *settings = json_object_get(root, "job_settings");

    return read_model(root, &out->model, error) &&
           read_script(root, "schedule", &out->schedule, &out->schedule_settings, error) &&
           read_script(root, "sampler", &out->sampler, &out->sampler_settings, error) &&
           read_inputs(root, out, error) && check_notes(root, error) &&
           read_kernels(root, out, error) &&
           (!settings || read_settings("job_settings", settings, &out->job_settings, error));
}

bool sfm_recipe_text_read(const char *json, SfmRecipeText *out, GError **error)
{
    const size_t size = strlen(json);

    if (size > SFM_RECIPE_MAX_SIZE)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        PATH ": is of %zu bytes, and a recipe has at most %d", size,
                        SFM_RECIPE_MAX_SIZE);
    g_autoptr(json_t) root = sfm_json_parse(PATH, json, size, error);
    return root && check_version(root, error) && check_keys(root, "", keys, error) &&
           read_fields(root, out, error) && read_parts(root, out, error);
}

static void clear_name(SfmNamedHash *name)
{
    g_free(name->name);
    g_free(name->hash);
}

void sfm_recipe_text_clear(SfmRecipeText *text)
{
    g_free(text->engine);
    g_free(text->job);
    g_free(text->device);
    g_free(text->class_name);
    g_free(text->family);
    g_strfreev(text->job_settings);
    g_strfreev(text->schedule_settings);
    g_strfreev(text->sampler_settings);
    g_strfreev(text->kernels);
    clear_name(&text->model);
    clear_name(&text->schedule);
    clear_name(&text->sampler);
    for (size_t i = 0; i < SFM_RECIPE_MAX_INPUTS; i++)
        clear_name(&text->inputs[i]);
    *text = (SfmRecipeText){ 0 };
}
