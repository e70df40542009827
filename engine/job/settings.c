// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/settings.h"

#include <string.h>

#include "base/suggest.h"

const SfmParam *sfm_settings_find(const SfmScript *script, const char *name)
{
    const SfmScriptInfo *info = sfm_script_info(script);

    for (size_t i = 0; i < info->num_params; i++) {
        if (strcmp(info->params[i].name, name) == 0)
            return &info->params[i];
    }
    return NULL;
}

static bool fail_unknown(const SfmScript *schedule, const SfmScript *sampler, const char *name,
                         GError **error)
{
    const SfmScriptInfo *infos[] = { sfm_script_info(sampler), sfm_script_info(schedule) };
    g_autofree const char **names =
        g_new(const char *, infos[0]->num_params + infos[1]->num_params + 1);
    size_t num = 0;

    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < infos[k]->num_params; i++)
            names[num++] = infos[k]->params[i].name;
    }
    const char *meant = sfm_suggest(name, names, num);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "set: neither sampler %s nor schedule %s has a \"%s\"%s%s%s", infos[0]->name,
                    infos[1]->name, name, meant ? ", did you mean \"" : "", meant ? meant : "",
                    meant ? "\"?" : "");
}

// The script that a bare name means; NULL with `error` set.
static SfmScript *owner_of(SfmScript *schedule, SfmScript *sampler, const char *name,
                           GError **error)
{
    const bool in_sampler = sfm_settings_find(sampler, name) != NULL;
    const bool in_schedule = sfm_settings_find(schedule, name) != NULL;

    if (in_sampler != in_schedule)
        return in_sampler ? sampler : schedule;
    if (!in_sampler)
        fail_unknown(schedule, sampler, name, error);
    else
        sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                 "set: sampler and schedule both have a \"%s\"; write sampler.%s or schedule.%s",
                 name, name, name);
    return NULL;
}

static bool apply(const char *setting, SfmScript *schedule, SfmScript *sampler, GError **error)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "set: \"%s\" is not of the form name=value",
                        setting);

    g_autofree char *name = g_strndup(setting, (gsize)(equals - setting));
    if (g_str_has_prefix(name, "sampler."))
        return sfm_script_set(sampler, name + strlen("sampler."), equals + 1, error);
    if (g_str_has_prefix(name, "schedule."))
        return sfm_script_set(schedule, name + strlen("schedule."), equals + 1, error);

    SfmScript *script = owner_of(schedule, sampler, name, error);
    return script && sfm_script_set(script, name, equals + 1, error);
}

bool sfm_settings_apply(const char *const *settings, SfmScript *schedule, SfmScript *sampler,
                        GError **error)
{
    for (size_t i = 0; settings && settings[i]; i++) {
        if (!apply(settings[i], schedule, sampler, error))
            return false;
    }
    return true;
}
