// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/knobs.h"

#include <string.h>

#include "base/error.h"

void sfm_knobs_init(SfmKnobs *knobs, SfmJob job)
{
    const SfmJobInfo *info = sfm_job_info(job);

    *knobs = (SfmKnobs){ info, g_new0(SfmParamValue, info->num_params) };
    for (size_t i = 0; i < info->num_params; i++)
        sfm_param_value_init(&knobs->values[i], &info->params[i]);
}

void sfm_knobs_clear(SfmKnobs *knobs)
{
    for (size_t i = 0; knobs->info && i < knobs->info->num_params; i++)
        g_free(knobs->values[i].text);
    g_free(knobs->values);
    *knobs = (SfmKnobs){ 0 };
}

const SfmParam *sfm_knobs_find(const SfmKnobs *knobs, const char *name)
{
    for (size_t i = 0; i < knobs->info->num_params; i++) {
        if (strcmp(knobs->info->params[i].name, name) == 0)
            return &knobs->info->params[i];
    }
    return NULL;
}

bool sfm_knobs_set(SfmKnobs *knobs, const char *name, const char *text, GError **error)
{
    const SfmParam *param = sfm_knobs_find(knobs, name);

    if (!param)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "set: the job %s has no \"%s\"",
                        knobs->info->name, name);
    return sfm_param_value_set(&knobs->values[param - knobs->info->params], param, text, error);
}

// The text behind "NAME=" or "job.NAME="; NULL: another knob is meant.
static const char *value_in(const char *setting, const char *name)
{
    const size_t length = strlen(name);

    if (g_str_has_prefix(setting, "job."))
        setting += strlen("job.");
    return strncmp(setting, name, length) == 0 && setting[length] == '=' ? setting + length + 1
                                                                         : NULL;
}

int sfm_knobs_peek(const SfmJobInfo *info, const char *name, const char *const *settings)
{
    for (size_t k = 0; info && k < info->num_params; k++) {
        const SfmParam *param = &info->params[k];
        if (strcmp(param->name, name) != 0)
            continue;
        SfmParamValue value = { .number = param->default_number };
        for (size_t i = 0; settings && settings[i]; i++) {
            const char *text = value_in(settings[i], name);
            if (text)
                sfm_param_value_set(&value, param, text, NULL);
        }
        return (int)value.number;
    }
    return 0;
}

static const SfmParamValue *value_of(const SfmKnobs *knobs, const char *name)
{
    const SfmParam *param = sfm_knobs_find(knobs, name);

    g_assert(param);
    return &knobs->values[param - knobs->info->params];
}

double sfm_knobs_number(const SfmKnobs *knobs, const char *name)
{
    return value_of(knobs, name)->number;
}

const char *sfm_knobs_text(const SfmKnobs *knobs, const char *name)
{
    return value_of(knobs, name)->text;
}

char **sfm_knobs_settings(const SfmKnobs *knobs)
{
    char **settings = g_new0(char *, knobs->info->num_params + 1);

    for (size_t i = 0; i < knobs->info->num_params; i++)
        settings[i] = sfm_param_value_setting(&knobs->values[i], &knobs->info->params[i]);
    return settings;
}
