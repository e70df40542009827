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

// Whose knobs a setting may mean.
typedef struct {
    SfmKnobs *job;
    SfmScript *schedule, *sampler;
} Owners;

static bool fail_unknown(const Owners *owners, const char *name, GError **error)
{
    const SfmScriptInfo *infos[] = { sfm_script_info(owners->sampler),
                                     sfm_script_info(owners->schedule) };
    const SfmJobInfo *job = owners->job ? owners->job->info : sfm_job_info(SFM_JOB_GENERATE);
    g_autofree const char **names =
        g_new(const char *, infos[0]->num_params + infos[1]->num_params + job->num_params + 1);
    size_t num = 0;

    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < infos[k]->num_params; i++)
            names[num++] = infos[k]->params[i].name;
    }
    for (size_t i = 0; i < job->num_params; i++)
        names[num++] = job->params[i].name;
    const char *meant = sfm_suggest(name, names, num);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "set: neither sampler %s nor schedule %s has a \"%s\"%s%s%s", infos[0]->name,
                    infos[1]->name, name, meant ? ", did you mean \"" : "", meant ? meant : "",
                    meant ? "\"?" : "");
}

// Sets the knob of the one owner that a bare name means.
static bool apply_bare(const Owners *owners, const char *name, const char *value, GError **error)
{
    const bool in_sampler = sfm_settings_find(owners->sampler, name) != NULL;
    const bool in_schedule = sfm_settings_find(owners->schedule, name) != NULL;
    const bool in_job = owners->job && sfm_knobs_find(owners->job, name);

    if (!in_sampler && !in_schedule && !in_job)
        return fail_unknown(owners, name, error);
    if (in_sampler + in_schedule + in_job > 1)
        return sfm_fail(
            error, SFM_ERROR_BAD_ARGUMENT, "set: more than one has a \"%s\"; write %s", name,
            in_job ? "job.NAME, sampler.NAME or schedule.NAME" : "sampler.NAME or schedule.NAME");
    if (in_job)
        return sfm_knobs_set(owners->job, name, value, error);
    return sfm_script_set(in_sampler ? owners->sampler : owners->schedule, name, value, error);
}

static bool apply(const char *setting, const Owners *owners, GError **error)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "set: \"%s\" is not of the form name=value",
                        setting);

    g_autofree char *name = g_strndup(setting, (gsize)(equals - setting));
    if (owners->job && g_str_has_prefix(name, "job."))
        return sfm_knobs_set(owners->job, name + strlen("job."), equals + 1, error);
    if (g_str_has_prefix(name, "sampler."))
        return sfm_script_set(owners->sampler, name + strlen("sampler."), equals + 1, error);
    if (g_str_has_prefix(name, "schedule."))
        return sfm_script_set(owners->schedule, name + strlen("schedule."), equals + 1, error);
    return apply_bare(owners, name, equals + 1, error);
}

bool sfm_settings_apply(const char *const *settings, SfmKnobs *job, SfmScript *schedule,
                        SfmScript *sampler, GError **error)
{
    const Owners owners = { job, schedule, sampler };

    for (size_t i = 0; settings && settings[i]; i++) {
        if (!apply(settings[i], &owners, error))
            return false;
    }
    return true;
}
