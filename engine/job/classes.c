// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/classes.h"

#include <string.h>

#include "base/suggest.h"
#include "job/denoiser.h"

enum { NAMES_SHOWN = 12 }; // in a message

static size_t num_named(const SfmModel *model)
{
    return model->card.classes ? g_strv_length(model->card.classes) : 0;
}

size_t sfm_num_classes(const SfmModel *model)
{
    const size_t named = num_named(model), there = model->unet.num_class_embeds;

    if (named > 0)
        return named;
    // Training puts the class that means none behind the others.
    return there > 0 && model->card.null_class == (int)there - 1 ? there - 1 : there;
}

static bool is_untrained(const SfmModel *model, size_t label)
{
    for (size_t i = 0; i < model->card.num_untrained; i++) {
        if (model->card.untrained[i] == label)
            return true;
    }
    return false;
}

char **sfm_class_names(const SfmModel *model)
{
    const size_t num = sfm_num_classes(model);
    char **names = g_new0(char *, num + 1);

    for (size_t i = 0, n = 0; i < num; i++) {
        if (!is_untrained(model, i))
            names[n++] =
                i < num_named(model) ? g_strdup(model->card.classes[i]) : g_strdup_printf("%zu", i);
    }
    return names;
}

// "snow, grass, ..., other" or "0 .. 999".
static char *list_classes(const SfmModel *model)
{
    if (num_named(model) == 0 && model->card.num_untrained == 0)
        return g_strdup_printf("0 .. %zu", sfm_num_classes(model) - 1);

    g_auto(GStrv) names = sfm_class_names(model);
    const size_t num = g_strv_length(names);
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < MIN(num, NAMES_SHOWN); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", names[i]);
    if (num > NAMES_SHOWN)
        g_string_append_printf(list, " and %zu more", num - NAMES_SHOWN);
    return g_string_free(list, FALSE);
}

static bool no_class(const SfmModel *model, int *label, GError **error)
{
    *label = SFM_NO_LABEL;
    if (model->unet.class_embedding == SFM_CLASS_NONE || model->card.null_class >= 0)
        return true;
    if (sfm_num_classes(model) == 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "class: %s needs one, a number",
                        model->name);
    g_autofree char *list = list_classes(model);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "class: %s needs one of %s", model->name, list);
}

static int find_name(const SfmModel *model, const char *name)
{
    for (size_t i = 0; i < num_named(model); i++) {
        if (g_ascii_strcasecmp(model->card.classes[i], name) == 0)
            return (int)i;
    }
    return SFM_NO_LABEL;
}

static bool fail_unknown(const SfmModel *model, const char *name, GError **error)
{
    g_autofree char *list = list_classes(model);
    g_auto(GStrv) names = sfm_class_names(model);
    const char *meant = num_named(model) == 0
                            ? NULL
                            : sfm_suggest(name, (const char *const *)names, g_strv_length(names));

    if (meant)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "class: %s has no \"%s\", did you mean \"%s\"? It has %s", model->name,
                        name, meant, list);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "class: %s has no \"%s\"; it has %s",
                    model->name, name, list);
}

static bool fail_untrained(const SfmModel *model, const char *name, GError **error)
{
    g_autofree char *list = list_classes(model);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "class: \"%s\" is named by the card of %s but was never trained; it has %s",
                    name, model->name, list);
}

// A class embedded like a timestep has no end.
static bool find_number(const SfmModel *model, const char *name, int *label, GError **error)
{
    const size_t num = sfm_num_classes(model);
    const guint64 most = num > 0 ? num - 1 : INT_MAX;
    guint64 number;

    if (!g_ascii_string_to_unsigned(name, 10, 0, most, &number, NULL))
        return fail_unknown(model, name, error);
    *label = (int)number;
    return true;
}

bool sfm_class_find(const SfmModel *model, const char *name, int *label, GError **error)
{
    if (model->unet.class_embedding == SFM_CLASS_IDENTITY)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "class: %s takes embeddings, which only predict can give it", model->name);
    if (!name || !*name)
        return no_class(model, label, error);
    if (model->unet.class_embedding == SFM_CLASS_NONE)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "class: \"%s\" was asked for, %s has none",
                        name, model->name);
    if ((*label = find_name(model, name)) == SFM_NO_LABEL &&
        !find_number(model, name, label, error))
        return false;
    return !is_untrained(model, (size_t)*label) || fail_untrained(model, name, error);
}
