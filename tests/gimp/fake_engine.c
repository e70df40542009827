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
//     full     there is no memory for a tile
//     killed   the process is killed in the middle of the work, as by kill -9
//
// Memory is a thousand bytes a pixel that is given, and a recipe's check lasts until
// there is a file $SFUMATO_CHECKED.
//
// Of a value v of a picture that is given, and never of its alpha, the other jobs
// make, whatever the class:
//
//     vary         1 - v in image 0, v in image 1, and so on by turns
//     denoise      v / 2
//     interpolate  of v and w: v + (w - v) (i + 1) / (n + 1) in image i of n
//     inpaint      v + m (1 - 2 v) at a mask of m
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sfumato/engine.h>
#include <sfumato/recipe.h>

struct SfmEngine {
    atomic_bool cancelled;
};

struct SfmScriptLibrary {
    gatomicrefcount num_users;
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

static const char *const classes[] = { "ramp", "vector", "over",   "nan", "slow",
                                       "lost", "full",   "killed", NULL };

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
    g_ptr_array_add(models, model_new("photo", "Photo", 3));
    ((SfmModelInfo *)models->pdata[models->len - 1])->photographs = true;
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
    SfmScriptLibrary *library = g_new(SfmScriptLibrary, 1);
    g_atomic_ref_count_init(&library->num_users);
    return library;
}

SfmScriptLibrary *sfm_script_library_ref(SfmScriptLibrary *library)
{
    g_atomic_ref_count_inc(&library->num_users);
    return library;
}

void sfm_script_library_unref(SfmScriptLibrary *library)
{
    if (g_atomic_ref_count_dec(&library->num_users))
        g_free(library);
}

GPtrArray *sfm_script_library_files(SfmScriptLibrary *library)
{
    return g_ptr_array_new();
}

// A knob of each type, two of them with the same first letter.
static SfmParam knobs[] = {
    { .name = "eta",
      .label = "Eta",
      .help = "How much noise comes anew",
      .type = SFM_PARAM_NUMBER,
      .max = 1.0,
      .step = 0.05 },
    { .name = "order", .label = "Order", .type = SFM_PARAM_INTEGER, .min = 1.0, .max = 3.0 },
    { .name = "open_end", .type = SFM_PARAM_NUMBER, .min = -INFINITY, .max = INFINITY },
    { .name = "endless", .label = "Endless", .type = SFM_PARAM_BOOLEAN, .default_number = 1.0 },
    { .name = "variant",
      .label = "Variant",
      .type = SFM_PARAM_CHOICE,
      .default_text = "first",
      .choices = (char *[]){ "first", "second", NULL } },
    { .name = "note", .label = "Note", .type = SFM_PARAM_TEXT, .default_text = "a b" },
};

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
        info->num_params = kind == SFM_SCRIPT_SAMPLER && i == 1 ? G_N_ELEMENTS(knobs) : 0;
        info->params = knobs;
        g_ptr_array_add(scripts, info);
    }
    return scripts;
}

void sfm_device_info_free(SfmDeviceInfo *info)
{
    g_free(info->name);
    g_free(info);
}

GPtrArray *sfm_list_devices(GError **error)
{
    GPtrArray *devices = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_device_info_free);
    SfmDeviceInfo *info = g_new0(SfmDeviceInfo, 1);
    info->name = g_strdup("fake");
    g_ptr_array_add(devices, info);
    return devices;
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

static float changed(const SfmJobParams *params, int image, float v, float other)
{
    switch (params->job) {
    case SFM_JOB_VARY:
        return image % 2 == 0 ? 1 - v : v;
    case SFM_JOB_DENOISE:
        return v / 2;
    case SFM_JOB_INTERPOLATE:
        return v + (other - v) * (float)(image + 1) / (float)(params->num_images + 1);
    default:
        return v + other * (1 - 2 * v);
    }
}

static SfmImage changed_picture(const SfmJobParams *params, int index)
{
    const SfmPicture *given = &params->inputs[0], *second = &params->inputs[1];
    SfmImage image = { .width = given->width, .height = given->height, given->channels };
    const int colours = (given->channels - 1) | 1; // 1 or 3
    const size_t num = (size_t)image.width * (size_t)image.height;
    image.pixels = g_memdup2(given->pixels, num * (size_t)image.channels * sizeof(*image.pixels));
    for (size_t i = 0; i < num; i++)
        for (int c = 0; c < colours; c++) {
            float *v = &image.pixels[i * (size_t)image.channels + (size_t)c];
            const int at = MIN(c, second->channels - 1);
            *v = changed(params, index, *v,
                         second->pixels ? second->pixels[i * (size_t)second->channels + (size_t)at]
                                        : 0);
        }
    return image;
}

static SfmImage generated_picture(const SfmJobParams *params, int index)
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
    return image;
}

// What matters of the request:
// "{"job":"vary","model":"colour","seed":7,"settings":"job.strength=0.5"}".
static char *recipe_of(const SfmJobParams *params)
{
    g_autofree char *settings = g_strjoinv(" ", (char **)params->settings);
    return g_strdup_printf("{\"job\":\"%s\",\"model\":\"%s\",\"seed\":%d,\"settings\":\"%s\"}",
                           sfm_job_info(params->job)->name, params->model, (int)params->seed,
                           settings);
}

static SfmImage picture(const SfmJobParams *params, int index)
{
    SfmImage image = params->job == SFM_JOB_GENERATE ? generated_picture(params, index)
                                                     : changed_picture(params, index);
    image.recipe = recipe_of(params);
    return image;
}

static void show_estimate(const SfmJobParams *params, int step)
{
    SfmImage estimate = picture(params, step);
    if (params->preview)
        params->preview(&estimate, params->user_data);
    sfm_image_clear(&estimate);
}

static bool take_steps(SfmEngine *engine, const SfmJobParams *params, GError **error)
{
    const bool slow = strcmp(params->class_name, "slow") == 0;
    const int num_steps = slow ? 100 : 4;
    for (int i = 0; i < num_steps; i++) {
        const SfmProgress progress = { SFM_STAGE_SAMPLE, i, num_steps, (i + 0.5) / num_steps,
                                       slow ? 0.6 * (num_steps - i) : 0 };
        params->progress(&progress, params->user_data);
        if (i == 2 && strcmp(params->class_name, "killed") == 0)
            kill(getpid(), SIGKILL);
        show_estimate(params, i);
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

// As the engine's: with frames, so many estimates come before each image.
int sfm_job_num_pictures(const SfmJobParams *params)
{
    int frames = 0;
    for (size_t i = 0; params->settings[i]; i++)
        sscanf(params->settings[i], "job.frames=%d", &frames);
    return params->num_images * (1 + frames);
}

static bool check_channels(const SfmJobParams *params, GError **error)
{
    if (params->inputs[0].channels < 3 || strcmp(params->model, "gray") != 0)
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                "picture: is in colour and gray makes gray pictures; turn it to gray");
    return false;
}

bool sfm_engine_run(SfmEngine *engine, const SfmJobParams *params, SfmImage *images, GError **error)
{
    if (strcmp(params->class_name, "full") == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY,
                    "device memory: a tile of 512 x 512 takes 9 GiB");
        return false;
    }
    if (strcmp(params->class_name, "lost") == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_DEVICE_LOST, "the device was lost in step 1");
        return false;
    }
    if (!check_class(params->class_name, error) || !check_channels(params, error) ||
        !take_steps(engine, params, error))
        return false;
    for (int i = 0; i < sfm_job_num_pictures(params); i++)
        images[i] = picture(params, i);
    return true;
}

bool sfm_engine_job_memory(SfmEngine *engine, const SfmJobParams *params, uint64_t *bytes,
                           GError **error)
{
    const SfmPicture *given = &params->inputs[0];
    *bytes = given->width > 0 ? 1000 * (uint64_t)given->width * (uint64_t)given->height : 123000000;
    return true;
}

// ---- recipes, as recipe_of() writes them ------------------------------------

struct SfmRecipe {
    SfmJobParams params;
    SfmRecipeInfo info;
    char *model;
};

static char *field(const char *json, const char *pattern)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    return g_regex_match(regex, json, 0, &match) ? g_match_info_fetch(match, 1) : NULL;
}

SfmRecipe *sfm_recipe_parse(const char *json, GError **error)
{
    g_autofree char *seed = field(json, "\"seed\":([0-9]+)");
    g_autofree char *job = field(json, "\"job\":\"([a-z]+)\"");
    char *model = field(json, "\"model\":\"([^\"]*)\"");
    if (!seed || !job || !model) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_RECIPE, "recipe: is none");
        g_free(model);
        return NULL;
    }
    SfmRecipe *recipe = g_new0(SfmRecipe, 1);
    recipe->model = model;
    recipe->params.model = model;
    recipe->params.schedule = "linear";
    recipe->params.sampler = "ddim";
    recipe->params.num_steps = 4;
    recipe->params.seed = g_ascii_strtoll(seed, NULL, 10);
    recipe->params.num_images = 1;
    for (int i = 0; i < SFM_NUM_JOBS; i++)
        if (strcmp(sfm_job_info((SfmJob)i)->name, job) == 0)
            recipe->params.job = (SfmJob)i;
    return recipe;
}

void sfm_recipe_free(SfmRecipe *recipe)
{
    g_free(recipe->model);
    g_free(recipe);
}

const SfmJobParams *sfm_recipe_params(const SfmRecipe *recipe)
{
    return &recipe->params;
}

const SfmRecipeInfo *sfm_recipe_info(const SfmRecipe *recipe)
{
    return &recipe->info;
}

bool sfm_recipe_check(const SfmRecipe *recipe, const SfmJobParams *params, const char *data_dir,
                      SfmScriptLibrary *library, GError **error)
{
    const char *may_end = g_getenv("SFUMATO_CHECKED");
    while (may_end && !g_file_test(may_end, G_FILE_TEST_EXISTS))
        g_usleep(G_USEC_PER_SEC / 20);
    return true;
}
