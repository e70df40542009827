// SPDX-License-Identifier: GPL-3.0-or-later
//
// A recipe as a request. What must stay true: the request leaves nothing to a
// default that the recipe has a word on, so that cards and published schedulers
// that have changed meanwhile change nothing.

#include <sfumato/recipe.h>

#include <string.h>

#include "cpu/runner.h"
#include "file/model.h"
#include "file/recipe_text.h"
#include "file/source.h"
#include "job/picture.h"
#include "job/scripts.h"
#include "job/tuned.h"
#include "job/work.h"
#include "vk/runner.h"

struct SfmRecipe {
    SfmRecipeText text;
    char **settings; // "job.strength=0.5", "schedule.rho=7" and so on
    SfmJobParams params;
    SfmRecipeInfo info;
};

G_STATIC_ASSERT((int)SFM_RECIPE_MAX_INPUTS == (int)SFM_JOB_MAX_INPUTS);

void sfm_recipe_free(SfmRecipe *recipe)
{
    if (!recipe)
        return;
    sfm_recipe_text_clear(&recipe->text);
    g_strfreev(recipe->settings);
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

// ---- the request ------------------------------------------------------------

static bool find_job(const char *name, SfmJob *job, GError **error)
{
    for (int j = 0; j < SFM_NUM_JOBS; j++) {
        if (strcmp(sfm_job_info((SfmJob)j)->name, name) == 0) {
            *job = (SfmJob)j;
            return true;
        }
    }
    g_autofree char *text = sfm_printable(name);
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "recipe: job: this version of Sfumato has no \"%s\"; make the picture with the "
                    "version that wrote it",
                    text);
}

// As many as the job reads, by its names.
static bool take_inputs(SfmRecipe *r, const SfmJobInfo *job, GError **error)
{
    for (size_t i = 0; i < SFM_JOB_MAX_INPUTS && (job->inputs[i] || r->text.inputs[i].name); i++) {
        const SfmNamedHash *input = &r->text.inputs[i];
        if (!job->inputs[i])
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "recipe: inputs: the job %s reads no picture number %zu", job->name,
                            i + 1);
        if (g_strcmp0(job->inputs[i], input->name) != 0)
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "recipe: inputs: the job %s reads its %s as number %zu, which is %s",
                            job->name, job->inputs[i], i + 1,
                            input->name ? input->name : "missing");
        r->info.inputs[i] = (SfmRecipePart){ input->name, input->hash };
        r->info.num_inputs = i + 1;
    }
    return true;
}

static void add_settings(GStrvBuilder *all, const char *of, char *const *settings)
{
    for (size_t i = 0; settings && settings[i]; i++) {
        g_autofree char *setting = g_strconcat(of, ".", settings[i], NULL);
        g_strv_builder_add(all, setting);
    }
}

static void take_settings(SfmRecipe *r)
{
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    add_settings(all, "job", r->text.job_settings);
    add_settings(all, "schedule", r->text.schedule_settings);
    add_settings(all, "sampler", r->text.sampler_settings);
    r->settings = g_strv_builder_end(all);
}

// Where their number is part of what images are, it has been written down.
static bool take_image(SfmRecipe *r, GError **error)
{
    const SfmRecipeText *t = &r->text;
    const bool counted = t->torch_noise || sfm_work_of(r->params.job)->shares_noise;

    if (counted != (t->count > 0))
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "recipe: \"count\" is %s",
                        counted ? "missing" : "of no use to what it is for");
    const int count = counted ? t->count : t->image + 1;
    if (count > SFM_MAX_IMAGES || t->image >= count)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "recipe: image: %d is none of %d", t->image,
                        MIN(count, SFM_MAX_IMAGES));
    r->params.num_images = count;
    r->params.only = t->image + 1;
    return true;
}

static bool take_frame(SfmRecipe *r, GError **error)
{
    const int num = sfm_job_num_pictures(&r->params), frame = r->text.frame;

    if (frame >= num)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "recipe: frame: %d is none of %d", frame,
                        num - 1);
    r->info.picture = frame > 0 ? frame - 1 : num - 1;
    return true;
}

static SfmJobParams make_params(const SfmRecipe *r, SfmJob job)
{
    const SfmRecipeText *t = &r->text;
    const bool sized = !sfm_job_info(job)->inputs[0]; // others have the size of their picture

    return (SfmJobParams){
        .job = job,
        .model = t->model.name,
        .schedule = t->schedule.name,
        .sampler = t->sampler.name,
        .num_steps = t->steps,
        .seed = t->seed,
        .noise = t->torch_noise ? SFM_NOISE_TORCH : SFM_NOISE_PHILOX,
        .width = sized ? t->width : 0,
        .height = sized ? t->height : 0,
        .class_name = t->class_name,
        .guidance = t->guidance,
        .settings = (const char *const *)r->settings,
        .maker = { .family = t->family, .device = t->device },
        .kernels = (const char *const *)t->kernels,
    };
}

static SfmRecipePart part_of(const SfmNamedHash *named)
{
    return (SfmRecipePart){ named->name, named->hash };
}

static void make_info(SfmRecipe *r)
{
    const SfmRecipeText *t = &r->text;

    r->info.engine = t->engine;
    r->info.device = t->device;
    r->info.family = t->family;
    r->info.model = part_of(&t->model);
    r->info.schedule = part_of(&t->schedule);
    r->info.sampler = part_of(&t->sampler);
    r->info.image = t->image;
    r->info.frame = t->frame;
}

// A guidance of 0 would be a default.
static bool check_guidance(const SfmRecipe *r, GError **error)
{
    return r->text.guidance > 0.0 ||
           sfm_fail(error, SFM_ERROR_BAD_FILE, "recipe: guidance: %g is not above 0",
                    r->text.guidance);
}

static bool fail_precision(const SfmRecipe *r, GError **error)
{
    const char *precision = r->text.halves ? "fp16" : "fp32";

    return r->text.family ? sfm_fail(error, SFM_ERROR_BAD_FILE,
                                     "recipe: precision: %s is not what the family \"%s\" has",
                                     precision, r->text.family)
                          : sfm_fail(error, SFM_ERROR_BAD_FILE,
                                     "recipe: precision: %s, and \"family\" is missing", precision);
}

// Where there is none, the recipe is older than families' names in recipes, and says fp32
// whatever it was.
static bool check_family(const SfmRecipe *r, GError **error)
{
    const char *family = r->text.family;
    bool halves = false;

    if (family && !sfm_vk_has_family(family, &halves) && !g_str_equal(family, SFM_CPU_FAMILY)) {
        g_autofree char *text = sfm_printable(family);
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "recipe: family: this version of Sfumato has no \"%s\"; make the picture "
                        "with the version that wrote it",
                        text);
    }
    return halves == (bool)r->text.halves || fail_precision(r, error);
}

static bool check_kernels(const SfmRecipe *r, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(SfmChoices) choices = sfm_kernels_parse((const char *const *)r->text.kernels, &why);

    return choices ||
           sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "recipe: %s; make the picture with the version that wrote it", why->message);
}

static bool read_recipe(SfmRecipe *r, const char *json, GError **error)
{
    SfmJob job = SFM_JOB_GENERATE;

    if (!sfm_recipe_text_read(json, &r->text, error) || !find_job(r->text.job, &job, error) ||
        !take_inputs(r, sfm_job_info(job), error) || !check_guidance(r, error) ||
        !check_family(r, error) || !check_kernels(r, error))
        return false;
    take_settings(r);
    make_info(r);
    r->params = make_params(r, job);
    return take_image(r, error) && take_frame(r, error);
}

SfmRecipe *sfm_recipe_parse(const char *json, GError **error)
{
    g_return_val_if_fail(json, NULL);

    g_autoptr(SfmRecipe) r = g_new0(SfmRecipe, 1);
    g_autoptr(GError) why = NULL;
    if (read_recipe(r, json, &why))
        return g_steal_pointer(&r);
    const bool damaged = g_error_matches(why, SFM_ERROR, SFM_ERROR_BAD_FILE);
    sfm_fail(error, SFM_ERROR_BAD_RECIPE, "%s%s", why->message,
             damaged ? "; take the recipe from the picture as Sfumato wrote it" : "");
    return NULL;
}

// ---- what it was made with --------------------------------------------------

static bool is_like(const SfmPicture *picture, const SfmRecipePart *part)
{
    g_autofree char *hash = sfm_picture_hash(picture, NULL, NULL);
    return strcmp(hash, part->hash) == 0;
}

static bool fail_input(const SfmRecipeInfo *info, const SfmPicture *inputs, size_t i,
                       GError **error)
{
    const size_t other = 1 - i;
    const bool swapped = info->num_inputs == 2 && is_like(&inputs[i], &info->inputs[other]);

    return swapped ? sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                              "%s: this picture was the recipe's \"%s\"; give \"%s\" first, and "
                              "then \"%s\"",
                              info->inputs[i].name, info->inputs[other].name, info->inputs[0].name,
                              info->inputs[1].name)
                   : sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                              "%s: is not the picture that the recipe was made with; give that "
                              "one, unchanged",
                              info->inputs[i].name);
}

bool sfm_recipe_check_inputs(const SfmRecipe *recipe, const SfmPicture *inputs, size_t num,
                             GError **error)
{
    const SfmRecipeInfo *info = &recipe->info;

    if (num > info->num_inputs)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "input: %zu were given, and the job %s reads %zu", num, recipe->text.job,
                        info->num_inputs);
    for (size_t i = 0; i < info->num_inputs; i++) {
        if (i >= num || !inputs[i].pixels)
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                            "%s: is missing; give the picture that the recipe was made with, as "
                            "number %zu of %zu",
                            info->inputs[i].name, i + 1, info->num_inputs);
        if (!is_like(&inputs[i], &info->inputs[i]))
            return fail_input(info, inputs, i, error);
    }
    return true;
}

static bool check_hash(const char *kind, const char *path, const SfmRecipePart *part,
                       const char *hash, GError **error)
{
    g_autofree char *name = sfm_printable(part->name);

    return strcmp(hash, part->hash) == 0 ||
           sfm_fail(error, SFM_ERROR_NOT_FOUND,
                    "%s %s: %s is not what the recipe was made with (SHA-256 %.8s, not %.8s); "
                    "bring back what it was, or give the path of a copy",
                    kind, name, path, hash, part->hash);
}

// Says that it is the recipe which asks for what is not there.
static bool fail_to_find(GError *why, const char *kind, const SfmRecipePart *part, GError **error)
{
    g_autofree char *name = sfm_printable(part->name);
    const bool is_whole = strcmp(name, part->name) == 0; // else the cause would say all of it

    if (g_error_matches(why, SFM_ERROR, SFM_ERROR_NOT_FOUND))
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND,
                    "the recipe was made with the %s %s, which is not here%s%s%s; install it, or "
                    "give its path",
                    kind, name, is_whole ? " (" : "", is_whole ? why->message : "",
                    is_whole ? ")" : "");
    else
        g_propagate_prefixed_error(error, g_error_copy(why), "the recipe's %s: ", kind);
    g_error_free(why);
    return false;
}

static bool check_model(const SfmRecipe *recipe, const char *data_dir, const char *name,
                        GError **error)
{
    GError *why = NULL;
    g_autoptr(SfmModel) model = sfm_model_open(data_dir, name, &why);
    const char *hash = model ? sfm_model_hash(model, NULL, &why) : NULL;

    return hash ? check_hash("model", model->path, &recipe->info.model, hash, error)
                : fail_to_find(why, "model", &recipe->info.model, error);
}

static bool check_script(SfmScriptLibrary *library, SfmScriptKind kind, const char *name,
                         const SfmRecipePart *part, GError **error)
{
    const char *word = kind == SFM_SCRIPT_SCHEDULE ? "schedule" : "sampler";
    GError *why = NULL;
    g_autoptr(SfmScript) script = sfm_script_find(library, kind, name, &why);

    if (!script)
        return fail_to_find(why, word, part, error);
    const SfmScriptInfo *info = sfm_script_info(script);
    return check_hash(word, info->path, part, info->hash, error);
}

bool sfm_recipe_check(const SfmRecipe *recipe, const SfmJobParams *params, const char *data_dir,
                      SfmScriptLibrary *library, GError **error)
{
    g_return_val_if_fail(recipe, false);

    const SfmJobParams *p = params ? params : &recipe->params;
    const SfmRecipeInfo *info = &recipe->info;
    g_autoptr(SfmScriptLibrary) scripts =
        library ? sfm_script_library_ref(library) : sfm_script_library_new(data_dir);

    return check_model(recipe, data_dir, p->model, error) &&
           check_script(scripts, SFM_SCRIPT_SCHEDULE, p->schedule, &info->schedule, error) &&
           check_script(scripts, SFM_SCRIPT_SAMPLER, p->sampler, &info->sampler, error);
}
