// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/request.h"

#include <math.h>
#include <string.h>

#include "job/classes.h"
#include "job/defaults.h"
#include "job/denoiser.h"
#include "job/fit.h"
#include "job/picture.h"
#include "job/published.h"
#include "job/scripts.h"
#include "job/settings.h"
#include "job/work.h"

enum { MAX_GUIDANCE = 1000 };

static bool check_model(const SfmModel *model, uint32_t *channels, GError **error)
{
    const uint32_t per_patch = model->card.patch * model->card.patch;

    if (model->unet.in_channels % per_patch != 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: in_channels: %u is no multiple of %u, the "
                        "pixels of its patch",
                        model->path, model->unet.in_channels, per_patch);
    *channels = sfm_image_channels(model);
    if (*channels != 1 && *channels != 3)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s: in_channels: makes %u channels, which are neither gray nor RGB",
                        model->path, *channels);
    return true;
}

static bool take_job(SfmRequest *r, const SfmJobParams *params, GError **error)
{
    if (!sfm_job_info(params->job))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "job: there is no number %d", params->job);
    r->job = params->job;
    r->memory_limit = params->memory;
    r->keep_tiles = params->keep_tiles;
    sfm_knobs_init(&r->knobs, r->job);
    for (size_t i = 0; r->knobs.info->inputs[i]; i++)
        r->inputs[i] = params->inputs[i];
    return true;
}

static const char *or_default(const char *name, const char *otherwise)
{
    return name && *name ? name : otherwise;
}

static bool take_steps(SfmRequest *r, const SfmModel *model, const SfmJobParams *params,
                       GError **error)
{
    const char *sampler = or_default(params->sampler, sfm_default_sampler(model));
    const int most = (int)model->scheduler.num_train_timesteps;

    const int job_steps = sfm_work_of(r->job)->default_steps;
    const int usual = job_steps > 0 ? job_steps : sfm_default_steps(model, sampler);

    r->num_steps = params->num_steps == 0 ? usual : params->num_steps;
    if (r->num_steps < 1 || r->num_steps > most)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "steps: %d is not in 1 .. %d, the length of the training schedule",
                        r->num_steps, most);
    return true;
}

// `only` counts from 1; 0: all.
static void take_spans(SfmRequest *r, uint32_t only)
{
    const SfmSpan all = { 0, r->num_images };

    r->wanted = only > 0 ? (SfmSpan){ only - 1, only } : all;
    r->made = r->noise == SFM_NOISE_TORCH ? all : r->wanted;
}

static bool take_counts(SfmRequest *r, const SfmJobParams *params, GError **error)
{
    const int images = params->num_images == 0 ? 1 : params->num_images;

    if (params->seed < 0 || params->seed > SFM_MAX_SEED)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "seed: %" G_GINT64_FORMAT " is not in 0 .. %d", params->seed, SFM_MAX_SEED);
    if (images < 1 || images > SFM_MAX_IMAGES)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "count: %d is not in 1 .. %d", images,
                        SFM_MAX_IMAGES);
    r->seed = (uint32_t)params->seed;
    if (params->only < 0 || params->only > images)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "only: %d is not in 0 .. %d, the count",
                        params->only, images);
    r->num_images = (uint32_t)images;
    r->noise = params->noise;
    take_spans(r, (uint32_t)params->only);
    return true;
}

static void take_frames(SfmRequest *r)
{
    if (sfm_knobs_find(&r->knobs, SFM_KNOB_FRAMES))
        r->num_frames = (uint32_t)sfm_knobs_number(&r->knobs, SFM_KNOB_FRAMES);
}

static bool take_size(SfmRequest *r, const SfmModel *model, const SfmJobParams *params,
                      GError **error)
{
    if (r->knobs.info->inputs[0]) {
        if (params->width != 0 || params->height != 0)
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                            "size: %dx%d was asked for, but the result is as large as the %s",
                            params->width, params->height, r->knobs.info->inputs[0]);
        if (!sfm_pictures_check(r->knobs.info, r->inputs, model, r->channels, &r->pixels, error))
            return false;
    } else if (!sfm_size_choose(model, params->width, params->height, &r->pixels, error)) {
        return false;
    }
    r->size = sfm_size_padded(model, r->pixels);
    return true;
}

static bool take_class(SfmRequest *r, const SfmModel *model, const SfmJobParams *params,
                       GError **error)
{
    const char *name = params->class_name && *params->class_name ? params->class_name : NULL;

    if (!sfm_class_find(model, name, &r->label, error))
        return false;
    r->class_name = g_strdup(name);
    return true;
}

// Without a class there is nothing to guide to.
static bool take_guidance(SfmRequest *r, const SfmModel *model, double guidance, GError **error)
{
    if (!(guidance >= 0.0 && guidance <= MAX_GUIDANCE))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "guidance: %g is not in 0 .. %d", guidance,
                        MAX_GUIDANCE);
    if (guidance != 0.0 && guidance != 1.0 && model->card.null_class < 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "guidance: %g needs a class that means none, and the card of %s names no "
                        "null_class",
                        guidance, model->name);
    r->guidance = guidance == 0.0 ? sfm_default_guidance(model) : guidance;
    if (r->label == SFM_NO_LABEL)
        r->guidance = 1.0;
    return true;
}

// Whether a user or a card names a script.
static bool said(const char *asked, const char *card)
{
    return (asked && *asked) || card;
}

static bool is_called(const SfmScript *script, const char *name)
{
    return strcmp(sfm_script_info(script)->name, name) == 0;
}

// Sets those of the settings whose script is the one that they were chosen for,
// and knows them: a user's own script may bear a built-in one's name.
static bool apply_published(SfmRequest *r, const SfmPublished *published, const GPtrArray *settings,
                            GError **error)
{
    for (guint i = 0; settings->pdata[i]; i++) {
        g_auto(GStrv) words = g_strsplit_set(settings->pdata[i], ".=", 3); // whose, name, value
        const bool of_sampler = strcmp(words[0], "sampler") == 0;
        SfmScript *script = of_sampler ? r->sampler : r->schedule;
        if (is_called(script, of_sampler ? published->sampler : published->schedule) &&
            sfm_settings_find(script, words[1]) &&
            !sfm_script_set(script, words[1], words[2], error))
            return false;
    }
    return true;
}

// The settings of the published scheduler that stands behind the model. Those
// that are tied to its schedule count the steps of a whole run.
static bool take_published(SfmRequest *r, const SfmPublished *published, GError **error)
{
    if (!published->settings)
        return true;
    return apply_published(r, published, published->settings, error) &&
           (r->job != SFM_JOB_GENERATE || !is_called(r->schedule, published->schedule) ||
            apply_published(r, published, published->tied, error));
}

static bool find_scripts(SfmRequest *r, SfmScriptLibrary *library, const SfmModel *model,
                         const SfmJobParams *params, GError **error)
{
    const char *schedule = or_default(params->schedule, sfm_default_schedule(model));
    const char *sampler = or_default(params->sampler, sfm_default_sampler(model));

    return (r->schedule = sfm_script_find(library, SFM_SCRIPT_SCHEDULE, schedule, error)) &&
           (r->sampler = sfm_script_find(library, SFM_SCRIPT_SAMPLER, sampler, error));
}

// The user's word first, then the card's, then the published scheduler's. One
// that has no counterpart matters only to those who name no scripts.
static bool take_scripts(SfmRequest *r, SfmScriptLibrary *library, const SfmModel *model,
                         const SfmJobParams *params, GError **error)
{
    const bool named =
        said(params->schedule, model->card.schedule) && said(params->sampler, model->card.sampler);
    g_auto(SfmPublished) published = { 0 };
    g_autoptr(GError) why = NULL;

    if (!sfm_published_choose(&model->scheduler, r->num_steps, &published, &why) && !named) {
        g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s: scheduler ", model->path);
        return false;
    }
    return find_scripts(r, library, model, params, error) && take_published(r, &published, error) &&
           sfm_settings_apply(params->settings, &r->knobs, r->schedule, r->sampler, error);
}

static bool check_torch(const SfmRequest *r, GError **error)
{
    if (r->noise == SFM_NOISE_TORCH && sfm_work_of(r->job)->shares_noise)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "noise: torch draws anew for each picture, and those of %s share theirs; "
                        "choose philox",
                        r->knobs.info->name);
    if (r->noise != SFM_NOISE_TORCH || r->num_images == 1 || !sfm_script_info(r->sampler)->adaptive)
        return true;
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "noise: torch draws %u images as one, and sampler %s runs image by image",
                    r->num_images, sfm_script_info(r->sampler)->name);
}

// A job that has no knob for it makes pictures with edges.
static bool take_seamless(SfmRequest *r, const SfmModel *model, GError **error)
{
    return !sfm_knobs_find(&r->knobs, "seamless") ||
           sfm_size_wrap(model, sfm_knobs_text(&r->knobs, "seamless"), r->pixels, &r->size.wrap,
                         error);
}

bool sfm_request_init(SfmRequest *request, SfmScriptLibrary *library, SfmNetwork *network,
                      const SfmJobParams *params, GError **error)
{
    const SfmModel *model = sfm_network_model(network);
    g_auto(SfmRequest) r = { 0 };

    if (!take_job(&r, params, error) || !check_model(model, &r.channels, error) ||
        !take_steps(&r, model, params, error) || !take_counts(&r, params, error) ||
        !take_size(&r, model, params, error) || !take_class(&r, model, params, error) ||
        !take_guidance(&r, model, params->guidance, error) ||
        !take_scripts(&r, library, model, params, error) || !check_torch(&r, error) ||
        !take_seamless(&r, model, error))
        return false;
    take_frames(&r);
    if (!sfm_request_fit(&r, network, error))
        return false;
    *request = r;
    r = (SfmRequest){ 0 };
    return true;
}

bool sfm_request_take_pixels(SfmRequest *r, SfmCancel *cancel, GError **error)
{
    if (!sfm_pictures_check_pixels(r->knobs.info, r->inputs, cancel, error))
        return false;
    for (size_t i = 0; r->knobs.info->inputs[i]; i++) {
        r->hashes[i] = sfm_picture_hash(&r->inputs[i], cancel, error);
        if (!r->hashes[i])
            return false;
    }
    return true;
}

void sfm_request_clear(SfmRequest *request)
{
    for (size_t i = 0; i < SFM_JOB_MAX_INPUTS; i++)
        g_free(request->hashes[i]);
    sfm_knobs_clear(&request->knobs);
    sfm_script_free(request->schedule);
    sfm_script_free(request->sampler);
    g_free(request->class_name);
    *request = (SfmRequest){ 0 };
}
