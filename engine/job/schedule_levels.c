// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>

#include <sfumato/scripts.h>

#include "file/model.h"
#include "file/model_path.h"
#include "job/analytic.h"
#include "job/published.h"
#include "job/script_model.h"
#include "job/scripts.h"
#include "job/settings.h"

enum { DEFAULT_STEPS = 30 };

void sfm_schedule_levels_clear(SfmScheduleLevels *levels)
{
    g_free(levels->name);
    g_free(levels->sigma);
    g_free(levels->timestep);
    *levels = (SfmScheduleLevels){ 0 };
}

// A model's training, as far as scripts are told of it.
typedef struct {
    SfmModel *model;                   // owned; NULL: the usual training
    const SfmSchedulerConfig *trained; // the model's, or the usual
    SfmNoiseTable table;               // owned; zeroed: it is told levels
} Training;

static void training_clear(Training *training)
{
    sfm_model_free(training->model);
    sfm_noise_table_clear(&training->table);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Training, training_clear)

static bool find_training(const SfmScheduleQuestion *question, Training *training, GError **error)
{
    g_autofree char *path =
        question->model ? sfm_model_locate(question->data_dir, question->model, error) : NULL;
    if (question->model && !path)
        return false;
    training->trained = &sfm_analytic_kinds[0].training;
    if (path) {
        training->model = sfm_model_peek(path, error);
        if (!training->model)
            return false;
        training->trained = &training->model->scheduler;
    }
    return !sfm_noise_table_wanted(training->trained) ||
           sfm_noise_table_init(&training->table, training->trained, error);
}

// What the model's published scheduler sets, if it stands for this schedule.
static bool set_published(SfmScript *schedule, const Training *training, int num_steps,
                          GError **error)
{
    g_auto(SfmPublished) published = { 0 };
    const char *name = sfm_script_info(schedule)->name;
    if (!training->model || !sfm_published_choose(training->trained, num_steps, &published, NULL) ||
        strcmp(name, published.schedule) != 0)
        return true;
    for (guint i = 0; published.settings->pdata[i]; i++) {
        g_auto(GStrv) words = g_strsplit_set(published.settings->pdata[i], ".=", 3);
        if (strcmp(words[0], "schedule") == 0 && sfm_settings_find(schedule, words[1]) &&
            !sfm_script_set(schedule, words[1], words[2], error))
            return false;
    }
    return true;
}

static bool set_own(SfmScript *schedule, const char *const *settings, GError **error)
{
    for (size_t i = 0; settings && settings[i]; i++) {
        const char *equals = strchr(settings[i], '=');
        if (!equals)
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                            "set: \"%s\" is not of the form name=value", settings[i]);
        g_autofree char *name = g_strndup(settings[i], (gsize)(equals - settings[i]));
        const bool prefixed = g_str_has_prefix(name, "schedule.");
        if (!sfm_script_set(schedule, prefixed ? name + strlen("schedule.") : name, equals + 1,
                            error))
            return false;
    }
    return true;
}

// What the network is told at a level that the schedule left open.
static void fill_in(const SfmNoiseTable *table, SfmScheduleLevels *levels)
{
    for (size_t i = 0; i < levels->num && table->num > 0; i++) {
        if (isnan(levels->timestep[i]) && levels->sigma[i] > 0)
            levels->timestep[i] = sfm_noise_table_timestep(table, levels->sigma[i]);
    }
}

static SfmScript *find_schedule(const SfmScheduleQuestion *question, const Training *training,
                                int num_steps, GError **error)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(question->data_dir);
    g_autoptr(SfmScript) schedule =
        sfm_script_find(library, SFM_SCRIPT_SCHEDULE, question->schedule, error);
    if (!schedule || !set_published(schedule, training, num_steps, error) ||
        !set_own(schedule, question->settings, error))
        return NULL;
    return g_steal_pointer(&schedule);
}

bool sfm_schedule_levels(const SfmScheduleQuestion *question, SfmScheduleLevels *levels,
                         GError **error)
{
    const int num_steps = question->num_steps == 0 ? DEFAULT_STEPS : question->num_steps;
    g_auto(Training) training = { 0 };
    g_auto(SfmLevels) found = { 0 };
    if (!find_training(question, &training, error))
        return false;
    g_autoptr(SfmScript) schedule = find_schedule(question, &training, num_steps, error);
    if (!schedule)
        return false;
    SfmScriptModel model =
        sfm_script_model(training.trained, training.table.num > 0 ? &training.table : NULL);
    model.shape = SFM_SHAPE(1, 3, 1, 1);
    if (!sfm_script_levels(schedule, &model, num_steps, &found, error))
        return false;
    *levels = (SfmScheduleLevels){
        .name = g_strdup(sfm_script_info(schedule)->name),
        .num = found.num,
        .sigma = g_steal_pointer(&found.sigma),
        .timestep = g_steal_pointer(&found.timestep),
        .num_timesteps = training.table.num,
    };
    fill_in(&training.table, levels);
    return true;
}
