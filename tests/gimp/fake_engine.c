// SPDX-License-Identifier: GPL-3.0-or-later
//
// An engine for the tests of the shells: no device, no files, and pictures that
// are known beforehand. What a job does is chosen by the class:
//
//     ramp     value ((x + 3 y + 7 c + 11 seed + 5 i) mod 256) / 255 in image i
//     vector   (0.5, 0.25, 0.75) everywhere
//     over     (1.5, -0.5, 0.5): the engine's promise broken
//     nan      one NaN in the last row: likewise
//     slow     a minute of a hundred steps, which can be cancelled
//     lost     the device is lost at the first step
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include <sfumato/engine.h>

struct SfmEngine {
    atomic_bool cancelled;
};

struct SfmScriptLibrary {
    char unused;
};

enum { WIDTH = 64, HEIGHT = 48 };

G_DEFINE_QUARK(sfm - error - quark, sfm_error)

const char *sfm_version(void)
{
    return "fake";
}

void sfm_model_info_free(SfmModelInfo *info)
{
    if (!info)
        return;
    char *texts[] = { info->name,     info->path,    info->title,  info->description, info->license,
                      info->schedule, info->sampler, info->broken, info->attribution };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(info->classes);
    g_free(info);
}

void sfm_script_info_free(SfmScriptInfo *info)
{
    if (!info)
        return;
    g_free(info->name);
    g_free(info->title);
    g_free(info);
}

static const char *const classes[] = { "ramp", "vector", "over", "nan", "slow", "lost", NULL };

static SfmModelInfo *model_new(const char *name, const char *title, int channels)
{
    SfmModelInfo *info = g_new0(SfmModelInfo, 1);
    info->name = g_strdup(name);
    info->path = g_strconcat("/nowhere/", name, NULL);
    info->title = g_strdup(title);
    info->description = g_strdup("Pictures that are known beforehand, for the tests of the dialog");
    info->license = g_strdup("GPL-3.0-or-later");
    info->width = WIDTH;
    info->height = HEIGHT;
    info->channels = channels;
    info->num_classes = G_N_ELEMENTS(classes) - 1;
    info->classes = g_strdupv((char **)classes);
    info->guidance = true;
    info->schedule = g_strdup("linear");
    info->sampler = g_strdup("ddim");
    info->steps = 4;
    info->default_guidance = 1.5;
    return info;
}

GPtrArray *sfm_list_models(const char *data_dir, GError **error)
{
    GPtrArray *models = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_model_info_free);
    g_ptr_array_add(models, model_new("latent", "Latent", 4));
    g_ptr_array_add(models, model_new("colour", "Colour", 3));
    g_ptr_array_add(models, model_new("gray", "Gray", 1));
    return models;
}

SfmModelInfo *sfm_find_model(const char *data_dir, const char *model, GError **error)
{
    g_autoptr(GPtrArray) models = sfm_list_models(data_dir, error);
    for (guint i = 0; i < models->len; i++)
        if (strcmp(((SfmModelInfo *)models->pdata[i])->name, model) == 0)
            return g_ptr_array_steal_index(models, i);
    g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, "no model is called \"%s\"", model);
    return NULL;
}

SfmScriptLibrary *sfm_script_library_new(const char *data_dir)
{
    return g_new0(SfmScriptLibrary, 1);
}

void sfm_script_library_unref(SfmScriptLibrary *library)
{
    g_free(library);
}

GPtrArray *sfm_script_library_files(SfmScriptLibrary *library)
{
    return g_ptr_array_new();
}

GPtrArray *sfm_script_library_choices(SfmScriptLibrary *library, SfmScriptKind kind)
{
    static const char *const names[][2] = { { "linear", "cosine" }, { "ddim", "ddpm" } };
    static const char *const titles[][2] = { { "Linear", "Cosine" }, { "DDIM", "DDPM" } };
    GPtrArray *scripts = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_script_info_free);
    for (int i = 0; i < 2; i++) {
        SfmScriptInfo *info = g_new0(SfmScriptInfo, 1);
        info->kind = kind;
        info->name = g_strdup(names[kind][i]);
        info->title = g_strdup(titles[kind][i]);
        g_ptr_array_add(scripts, info);
    }
    return scripts;
}

SfmEngine *sfm_engine_new(const SfmEngineParams *params, GError **error)
{
    if (params->device && strcmp(params->device, "fake") != 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE, "no device is called \"%s\"",
                    params->device);
        return NULL;
    }
    return g_new0(SfmEngine, 1);
}

void sfm_engine_free(SfmEngine *engine)
{
    g_free(engine);
}

void sfm_engine_cancel(SfmEngine *engine)
{
    atomic_store(&engine->cancelled, true);
}

void sfm_image_clear(SfmImage *image)
{
    g_free(image->pixels);
    g_free(image->recipe);
    *image = (SfmImage){ 0 };
}

static float value_at(const SfmJobParams *params, int image, int x, int y, int c)
{
    static const float vector[] = { 0.5F, 0.25F, 0.75F }, over[] = { 1.5F, -0.5F, 0.5F };
    if (strcmp(params->class_name, "vector") == 0)
        return vector[c];
    if (strcmp(params->class_name, "over") == 0)
        return over[c];
    const int64_t ramp = x + 3 * y + 7 * c + 11 * params->seed + 5 * image;
    return (float)(ramp % 256) / 255.0F;
}

static SfmImage picture(const SfmJobParams *params, int index)
{
    const int width = params->width ? params->width : WIDTH;
    const int height = params->height ? params->height : HEIGHT;
    const int channels = strcmp(params->model, "gray") == 0 ? 1 : 3;
    SfmImage image = { .width = width, .height = height, .channels = channels };
    image.pixels = g_new(float, (size_t)width *(size_t)height *(size_t)channels);
    float *pixel = image.pixels;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                *pixel++ = value_at(params, index, x, y, c);
    if (strcmp(params->class_name, "nan") == 0)
        pixel[-1] = NAN;
    image.recipe =
        g_strdup_printf("{\"model\":\"%s\",\"seed\":%d}", params->model, (int)params->seed);
    return image;
}

static bool take_steps(SfmEngine *engine, const SfmJobParams *params, GError **error)
{
    const bool slow = strcmp(params->class_name, "slow") == 0;
    const int num_steps = slow ? 100 : 4;
    for (int i = 0; i < num_steps; i++) {
        const SfmProgress progress = { SFM_STAGE_SAMPLE, i, num_steps, (i + 0.5) / num_steps,
                                       slow ? 0.6 * (num_steps - i) : 0 };
        params->progress(&progress, params->user_data);
        g_usleep(slow ? G_USEC_PER_SEC * 6 / 10 : 1000);
        if (atomic_load(&engine->cancelled)) {
            g_set_error(error, SFM_ERROR, SFM_ERROR_CANCELLED, "cancelled");
            return false;
        }
    }
    return true;
}

// Names in any case, as the engine's own.
static bool check_class(const char *name, GError **error)
{
    for (size_t i = 0; classes[i]; i++)
        if (g_ascii_strcasecmp(classes[i], name) == 0)
            return true;
    if (!name[0])
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "class: there is no \"%s\"", name);
    return false;
}

int sfm_job_num_pictures(const SfmJobParams *params)
{
    return params->num_images;
}

bool sfm_engine_run(SfmEngine *engine, const SfmJobParams *params, SfmImage *images, GError **error)
{
    if (strcmp(params->class_name, "lost") == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_DEVICE_LOST, "the device was lost in step 1");
        return false;
    }
    if (!check_class(params->class_name, error) || !take_steps(engine, params, error))
        return false;
    for (int i = 0; i < params->num_images; i++)
        images[i] = picture(params, i);
    return true;
}
