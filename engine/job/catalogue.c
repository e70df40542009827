// SPDX-License-Identifier: GPL-3.0-or-later
//
// What there is to choose from: the lists that need no engine.

#include <sfumato/engine.h>

#include "job/classes.h"
#include "job/defaults.h"
#include "job/published.h"
#include "job/tuned.h"
#include "vk/devices.h"

void sfm_model_info_free(SfmModelInfo *info)
{
    if (!info)
        return;
    g_free(info->name);
    g_free(info->path);
    g_free(info->title);
    g_free(info->description);
    g_free(info->license);
    g_free(info->attribution);
    g_strfreev(info->classes);
    g_free(info->schedule);
    g_free(info->sampler);
    g_free(info->scheduler);
    g_free(info->no_counterpart);
    g_free(info->counterpart_schedule);
    g_free(info->counterpart_sampler);
    g_strfreev(info->settings);
    g_free(info->broken);
    g_free(info);
}

static void describe_classes(SfmModelInfo *info, const SfmModel *model)
{
    info->classes = sfm_class_names(model);
    info->num_classes = g_strv_length(info->classes);
    info->guidance = model->card.null_class >= 0;
}

static void describe_card(SfmModelInfo *info, const SfmCard *card)
{
    info->title = g_strdup(card->title ? card->title : info->name);
    info->description = g_strdup(card->description);
    info->license = g_strdup(card->license);
    info->attribution = g_strdup(card->attribution);
    info->tileable = card->tileable;
    info->photographs = card->photographs;
}

static void describe_run(SfmModelInfo *info, const SfmModel *model)
{
    uint32_t width, height;

    sfm_default_size(model, &width, &height);
    info->width = (int)width;
    info->height = (int)height;
    info->channels = (int)sfm_image_channels(model);
    info->schedule = g_strdup(sfm_default_schedule(model));
    info->sampler = g_strdup(sfm_default_sampler(model));
    info->steps = sfm_default_steps(model, sfm_default_sampler(model));
    info->default_guidance = sfm_default_guidance(model);
}

static char **join(const GPtrArray *a, const GPtrArray *b)
{
    GStrvBuilder *all = g_strv_builder_new();
    g_strv_builder_addv(all, (const char **)a->pdata);
    g_strv_builder_addv(all, (const char **)b->pdata);
    char **joined = g_strv_builder_end(all);
    g_strv_builder_unref(all);
    return joined;
}

static void describe_scheduler(SfmModelInfo *info, const SfmModel *model)
{
    g_auto(SfmPublished) published = { 0 };
    g_autoptr(GError) why = NULL;

    info->scheduler = g_strdup(model->scheduler.class_name);
    if (!sfm_published_choose(&model->scheduler, info->steps, &published, &why)) {
        info->no_counterpart = g_strdup(why->message);
        return;
    }
    info->counterpart_schedule = g_strdup(published.schedule);
    info->counterpart_sampler = g_strdup(published.sampler);
    info->settings = join(published.settings, published.tied);
}

static SfmModelInfo *describe(const SfmModel *model)
{
    SfmModelInfo *info = g_new0(SfmModelInfo, 1);

    info->name = g_strdup(model->name);
    info->path = g_strdup(model->path);
    describe_card(info, &model->card);
    describe_classes(info, model);
    describe_run(info, model);
    describe_scheduler(info, model);
    return info;
}

// What can be said of a folder that cannot be read.
static SfmModelInfo *describe_broken(const char *path, const GError *why)
{
    SfmModelInfo *info = g_new0(SfmModelInfo, 1);

    info->name = g_path_get_basename(path);
    info->path = g_strdup(path);
    info->title = g_strdup(info->name);
    info->classes = g_new0(char *, 1);
    info->broken = g_strdup(why->message);
    return info;
}

GPtrArray *sfm_list_models(const char *data_dir, GError **error)
{
    g_autoptr(GPtrArray) paths = sfm_model_find_all(data_dir);
    GPtrArray *infos = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_model_info_free);

    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GError) why = NULL;
        g_autoptr(SfmModel) model = sfm_model_peek(paths->pdata[i], &why);
        g_ptr_array_add(infos, model ? describe(model) : describe_broken(paths->pdata[i], why));
    }
    return infos;
}

SfmModelInfo *sfm_find_model(const char *data_dir, const char *name, GError **error)
{
    g_return_val_if_fail(name, NULL);

    g_autoptr(SfmModel) model = sfm_model_open(data_dir, name, error);
    return model ? describe(model) : NULL;
}

// A file that is not to be believed is for jobs to warn of.
static void describe_tuning(SfmDeviceInfo *info)
{
    g_autoptr(SfmChoices) choices = sfm_tuned_read(info->identity, NULL, NULL);
    info->num_tuned = choices ? (int)sfm_choices_num(choices) : -1;
}

GPtrArray *sfm_list_devices(GError **error)
{
    GPtrArray *devices = sfm_vk_list_devices(error);

    for (guint i = 0; devices && i < devices->len; i++)
        describe_tuning(devices->pdata[i]);
    return devices;
}

SfmLoaderInfo *sfm_find_loader(GError **error)
{
    return sfm_vk_find_loader(error);
}
