// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: the result depends on what is written here, and on
// nothing else but device and build.

#include "job/recipe.h"

#include <sfumato/system.h>

#include "file/recipe_text.h"
#include "job/picture.h"
#include "job/work.h"

void sfm_note_free(gpointer data)
{
    SfmNote *note = data;

    g_free(note->key);
    g_free(note->value);
    g_free(note);
}

static void add_text(GString *out, const char *key, const char *value)
{
    g_string_append_printf(out, "%s\"%s\": ", out->str[out->len - 1] == '{' ? "" : ", ", key);
    sfm_json_string(out, value);
}

static void add_number(GString *out, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(out, ", \"%s\": %s", key, g_ascii_dtostr(text, sizeof text, value));
}

static void add_settings(GString *out, char *const *settings)
{
    g_string_append(out, "[");
    for (size_t i = 0; settings[i]; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        sfm_json_string(out, settings[i]);
    }
    g_string_append(out, "]");
}

static void add_inputs(GString *out, const SfmRequest *r)
{
    g_string_append(out, ", \"inputs\": [");
    for (size_t i = 0; r->knobs.info->inputs[i]; i++) {
        g_string_append(out, i > 0 ? ", {" : "{");
        add_text(out, "name", r->knobs.info->inputs[i]);
        add_text(out, "hash", r->hashes[i]);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

// What the job was told, and the pictures that it was given.
static void add_job(GString *out, const SfmRequest *r)
{
    add_text(out, "job", r->knobs.info->name);
    if (r->knobs.info->num_params > 0) {
        g_auto(GStrv) settings = sfm_knobs_settings(&r->knobs);
        g_string_append(out, ", \"job_settings\": ");
        add_settings(out, settings);
    }
    if (r->knobs.info->inputs[0])
        add_inputs(out, r);
}

static void add_script(GString *out, const char *key, const SfmScript *script)
{
    const SfmScriptInfo *info = sfm_script_info(script);
    g_auto(GStrv) settings = sfm_script_settings(script);

    g_string_append_printf(out, ", \"%s\": {", key);
    add_text(out, "name", info->name);
    add_text(out, "hash", info->hash);
    g_string_append(out, ", \"settings\": ");
    add_settings(out, settings);
    g_string_append_c(out, '}');
}

static void add_kernels(GString *out, const SfmChoices *kernels)
{
    g_autofree const char **keys = sfm_choices_keys(kernels);

    g_string_append(out, ", \"kernels\": {");
    for (size_t i = 0; keys[i]; i++)
        add_text(out, keys[i], sfm_choices_find(kernels, keys[i]));
    g_string_append_c(out, '}');
}

static void add_notes(GString *out, const GPtrArray *notes)
{
    g_string_append(out, ", \"notes\": [");
    for (guint i = 0; i < notes->len; i++) {
        const SfmNote *note = notes->pdata[i];
        g_string_append(out, i > 0 ? ", {" : "{");
        add_text(out, "key", note->key);
        add_text(out, "value", note->value);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

// Their number is part of what images are where torch draws them as one, and where
// they lie between two.
static bool is_counted(const SfmRequest *r)
{
    return r->noise == SFM_NOISE_TORCH || sfm_work_of(r->job)->shares_noise;
}

static void add_images(GString *out, const SfmRequest *r, uint32_t index, uint32_t frame)
{
    add_number(out, "seed", r->seed);
    add_text(out, "noise", r->noise == SFM_NOISE_TORCH ? "torch" : "philox");
    add_number(out, "image", index);
    if (is_counted(r))
        add_number(out, "count", r->num_images);
    if (frame > 0)
        add_number(out, "frame", frame);
    add_number(out, "width", r->pixels.width);
    add_number(out, "height", r->pixels.height);
}

char *sfm_recipe(const SfmRequest *r, const SfmModel *model, const SfmEngine *engine,
                 const SfmChoices *kernels, uint32_t index, uint32_t frame, const GPtrArray *notes)
{
    g_assert(model->hash);

    const SfmTarget *target = engine->runner->target;
    GString *out = g_string_new("{");
    add_text(out, "engine", SFM_VERSION);
    add_number(out, "recipe", SFM_RECIPE_VERSION);
    add_job(out, r);
    g_string_append(out, ", \"model\": {");
    add_text(out, "name", model->name);
    add_text(out, "hash", model->hash);
    g_string_append_c(out, '}');
    add_script(out, "schedule", r->schedule);
    add_script(out, "sampler", r->sampler);
    add_number(out, "steps", r->num_steps);
    add_images(out, r, index, frame);
    if (r->class_name)
        add_text(out, "class", r->class_name);
    add_number(out, "guidance", r->guidance);
    add_text(out, "precision", target->halves ? "fp16" : "fp32");
    add_text(out, "family", target->name);
    if (sfm_choices_num(kernels) > 0)
        add_kernels(out, kernels);
    add_text(out, "device", engine->device);
    if (notes->len > 0)
        add_notes(out, notes);
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}
