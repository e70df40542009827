// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sampler may ask of its host, answered; and what must be there before
// it can ask.

#include "job/run.h"

#include <math.h>
#include <string.h>

#include "job/classes.h"
#include "job/entry.h"
#include "job/formula.h"
#include "job/hidden.h"
#include "job/picture.h"
#include "job/script_model.h"
#include "job/work.h"

void sfm_run_clear(SfmRun *run)
{
    sfm_denoiser_free(run->denoiser);
    sfm_buffer_free(run->engine->runner, run->x);
    for (size_t i = 0; i < SFM_JOB_MAX_INPUTS; i++) {
        sfm_buffer_free(run->engine->runner, run->given[i]);
        sfm_buffer_free(run->engine->runner, run->latent[i]);
    }
    sfm_buffer_free(run->engine->runner, run->scratch);
    sfm_tiles_free(run->tiles);
    sfm_mirrors_free(run->mirrors);
    sfm_estimates_clear(run);
    sfm_levels_clear(&run->levels);
    sfm_choices_free(run->kernels);
    if (run->notes)
        g_ptr_array_unref(run->notes);
}

static void on_evaluating(void *user_data, double done, double total)
{
    SfmRun *run = user_data;
    sfm_meter_evaluating(&run->meter, done, total);
}

static void on_loading(void *user_data, double done, double total)
{
    SfmRun *run = user_data;
    sfm_meter_loading(&run->meter);
}

static bool evaluate(SfmRun *run, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                     SfmBuffer *out, GError **error)
{
    const SfmRunOptions options = { &run->engine->cancel, on_evaluating, run };

    if (!(run->tiles
              ? sfm_tiles_run(run->tiles, sample, condition, labels, out, &options, error)
              : sfm_network_run(run->network, sample, condition, labels, out, &options, error)))
        return false;
    sfm_meter_evaluated(&run->meter);
    return true;
}

static bool run_network(void *user_data, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                        SfmBuffer *out, GError **error)
{
    SfmRun *run = user_data;

    if (!run->mirrors)
        return evaluate(run, sample, condition, labels, out, error);
    for (int k = 0; k < sfm_mirrors_num(run->mirrors); k++) {
        SfmBuffer *turned = sfm_mirrors_turn(run->mirrors, k, sample, error);
        if (!turned || !evaluate(run, turned, condition, labels, out, error) ||
            !sfm_mirrors_take(run->mirrors, k, out, error))
            return false;
    }
    return true;
}

// ---- what the sampler asks --------------------------------------------------

static bool request_of(const SfmRun *run, double sigma, const SfmDenoiseOptions *options,
                       SfmDenoiseRequest *at, GError **error)
{
    *at = (SfmDenoiseRequest){
        .sigma = sigma,
        .timestep = sfm_levels_timestep(&run->levels, sigma),
        .label = run->request->label,
        .guidance = run->request->guidance,
    };
    if (options && !isnan(options->guidance))
        at->guidance = options->guidance;
    return !options || !options->class_name ||
           sfm_class_find(run->model, options->class_name, &at->label, error);
}

static bool denoise(SfmRun *run, SfmBuffer *x, double sigma, const SfmDenoiseOptions *options,
                    SfmBuffer *x0, SfmBuffer *eps, GError **error)
{
    SfmDenoiseRequest at;

    return request_of(run, sigma, options, &at, error) &&
           sfm_denoiser_denoise(run->denoiser, x, &at, x0, eps, error) &&
           (!run->work->denoised || run->work->denoised(run, x, sigma, x0, eps, error));
}

static bool on_denoise(void *user_data, SfmBuffer *x, double sigma,
                       const SfmDenoiseOptions *options, SfmBuffer *x0, SfmBuffer *eps,
                       GError **error)
{
    SfmRun *run = user_data;

    return denoise(run, x, sigma, options, x0, eps, error) && sfm_estimates_see(run, x0, error);
}

bool sfm_run_denoise(SfmRun *run, SfmBuffer *x, double sigma, SfmBuffer *x0, SfmBuffer *eps,
                     GError **error)
{
    return denoise(run, x, sigma, NULL, x0, eps, error);
}

static double on_timestep(void *user_data, double sigma)
{
    const SfmRun *run = user_data;
    return sfm_denoiser_condition(run->denoiser, sigma, sfm_levels_timestep(&run->levels, sigma));
}

static bool on_predict(void *user_data, SfmBuffer *x_vp, double timestep, SfmBuffer *out,
                       GError **error)
{
    SfmRun *run = user_data;
    return sfm_denoiser_predict(run->denoiser, x_vp, timestep, run->request->label, out, error);
}

static bool on_learned_variance(void *user_data, double a, double b, SfmBuffer *out, GError **error)
{
    SfmRun *run = user_data;
    return sfm_denoiser_learned_variance(run->denoiser, a, b, out, error);
}

// Each round of a part of the run has noise of its own.
bool sfm_run_noise(SfmRun *run, uint32_t step, uint32_t stream, SfmBuffer *out, GError **error)
{
    const uint32_t image = run->work->shares_noise ? 0 : run->first_image;
    const uint32_t key =
        step == SFM_NOISE_START ? step : step + run->round * (uint32_t)run->levels.num;

    return run->noise->draw(run->noise, image, key, stream, out, error);
}

// The script counts its steps from where it began.
static bool on_noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out,
                     GError **error)
{
    SfmRun *run = user_data;
    return sfm_run_noise(run, (uint32_t)run->from + step, stream, out, error);
}

// Ends a script whose levels go on: x is taken from it as it is now.
static bool leave(SfmRun *run, SfmBuffer *x, GError **error)
{
    if (!sfm_formula_scale(run->engine->runner, run->x, 1.0, x, error))
        return false;
    run->left = true;
    return sfm_fail(error, SFM_ERROR_CANCELLED, "a part of the run has ended");
}

static bool on_step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    SfmRun *run = user_data;
    const size_t done = run->from + i + 1; // the level that x is at now

    sfm_meter_stepped(&run->meter, run->steps_before + (int)i);
    if (!sfm_estimates_step(run, done - 1, x0, error))
        return false;
    if (run->work->stepped &&
        !run->work->stepped(run, (uint32_t)done - 1, run->levels.sigma[done], x, error))
        return false;
    if (!sfm_run_goes_on(run, error))
        return false;
    return done < run->to || run->to + 1 == run->levels.num || leave(run, x, error);
}

static void on_note(void *user_data, const char *key, const char *value)
{
    SfmRun *run = user_data;
    SfmNote *note = g_new(SfmNote, 1);

    *note = (SfmNote){ g_strdup(key), g_strdup(value) };
    g_ptr_array_add(run->notes, note);
}

static void on_log(void *user_data, const char *text)
{
    const SfmRun *run = user_data;
    g_message("%s: %s", sfm_script_info(run->request->sampler)->name, text);
}

// ---- preparation ------------------------------------------------------------

SfmScriptModel sfm_run_model(const SfmRun *run)
{
    SfmScriptModel model =
        sfm_script_model(&run->model->scheduler, sfm_network_table(run->network));

    model.shape = run->shape;
    model.num_classes = (int)sfm_num_classes(run->model);
    return model;
}

// Where published schedulers start a run of so many steps with leading spacing:
// far below the last level when they are few.
static double usual_start(const SfmScriptModel *model, const SfmNoiseTable *table, int num_steps)
{
    const size_t steps = (size_t)num_steps;
    return table ? table->sigma[(steps - 1) * (table->num / steps)] : model->sigma_max;
}

// Generation starts from pure noise: a schedule that starts far below the noise
// that the model was trained on leaves it a task it does not know.
static void warn_of_low_start(const SfmRun *run, const SfmScriptModel *model)
{
    const double usual =
        usual_start(model, sfm_network_table(run->network), run->request->num_steps);

    if (run->levels.sigma[0] < usual / 2.0)
        g_message("schedule %s starts at sigma %g; the model was trained up to %g, and pictures "
                  "may come out flat",
                  sfm_script_info(run->request->schedule)->name, run->levels.sigma[0],
                  model->sigma_max);
}

static bool make_levels(SfmRun *run, GError **error)
{
    const SfmRequest *r = run->request;
    const SfmScriptModel model = sfm_run_model(run);
    double sigma;

    if (run->work->enter)
        return run->work->enter(run, &sigma, error) &&
               sfm_entry_levels(r->schedule, &model, sigma, r->num_steps, &run->levels, error);
    if (!sfm_script_levels(r->schedule, &model, r->num_steps, &run->levels, error))
        return false;
    warn_of_low_start(run, &model);
    return true;
}

// Hidden colours are not for the network to see.
static bool picture_to_x(const SfmRun *run, const SfmPicture *picture, float *x, GError **error)
{
    SfmPicture seen = *picture;
    g_autofree float *filled = NULL;

    if (!sfm_hidden_fill(picture, &filled, &run->engine->cancel, error))
        return false;
    if (filled)
        seen.pixels = filled;
    return sfm_picture_to_x(&seen, run->model, run->shape, x, &run->engine->cancel, error);
}

// The pictures that were given, once for each image of a batch.
static bool take_picture(SfmRun *run, const SfmPicture *picture, bool is_mask, SfmBuffer *to,
                         GError **error)
{
    const size_t count = sfm_shape_count(run->shape), each = count / run->shape.dim[0];
    g_autofree float *x = g_try_new(float, count);

    if (!x)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %u pictures", run->shape.dim[0]);
    if (!(is_mask ? sfm_mask_to_x(picture, run->shape, x, &run->engine->cancel, error)
                  : picture_to_x(run, picture, x, error)))
        return false;
    for (uint32_t n = 1; n < run->shape.dim[0]; n++)
        memcpy(x + n * each, x, each * sizeof(float));
    return sfm_buffer_write(run->engine->runner, to, x, error);
}

static bool take_pictures(SfmRun *run, GError **error)
{
    const SfmJobInfo *info = run->request->knobs.info;

    for (size_t i = 0; info->inputs[i]; i++) {
        const bool is_mask = info->masked && !info->inputs[i + 1];
        run->given[i] = sfm_buffer_new(run->engine->runner, run->shape, error);
        if (!run->given[i] ||
            !take_picture(run, &run->request->inputs[i], is_mask, run->given[i], error))
            return false;
    }
    return true;
}

// Only jobs that have a knob for it look at mirror images.
static int num_mirrors(const SfmRun *run)
{
    const SfmKnobs *knobs = &run->request->knobs;
    return sfm_knobs_find(knobs, "average") ? (int)sfm_knobs_number(knobs, "average") : 1;
}

static bool start_meter(SfmRun *run, const SfmJobParams *params, GError **error)
{
    const SfmRequest *r = run->request;
    const uint32_t batch = r->size.batch;
    const uint32_t images = (r->made.end - r->made.first + batch - 1) / batch * batch;
    SfmScriptClaims claims;

    if (!sfm_script_claims(r->sampler, &claims, error))
        return false;
    const int steps = run->work->num_steps ? run->work->num_steps(run) : (int)run->levels.num - 1;
    sfm_meter_init(&run->meter, params->progress, params->user_data, steps * (int)images,
                   claims.evals * sfm_denoiser_evals(r->label, r->guidance) * num_mirrors(run));
    return true;
}

static bool make_denoiser(SfmRun *run, GError **error)
{
    const SfmModel *model = run->model;
    const SfmDenoiserParams params = {
        .runner = run->engine->runner,
        .shape = run->shape,
        .out_channels = model->unet.out_channels / (model->card.patch * model->card.patch),
        .scheduler = &model->scheduler,
        .table = sfm_network_table(run->network),
        .has_classes = model->unet.class_embedding != SFM_CLASS_NONE,
        .null_label = model->card.null_class,
        .network = run_network,
        .user_data = run,
    };
    run->denoiser = sfm_denoiser_new(&params, error);
    return run->denoiser != NULL;
}

// x is cut only where it is larger than what the network is run at.
static bool make_tiles(SfmRun *run, GError **error)
{
    const SfmRequest *r = run->request;
    const SfmModel *model = run->model;
    const SfmTilesParams params = {
        .runner = run->engine->runner,
        .network = run->network,
        .size = r->tile,
        .overlap = r->overlap,
        .wrap = { r->size.wrap.x && !r->tile.wrap.x, r->size.wrap.y && !r->tile.wrap.y },
        .multiple = sfm_unet_multiple(&model->unet, model->card.patch),
        .shape = run->shape,
        .out_channels = model->unet.out_channels / (model->card.patch * model->card.patch),
        .has_classes = model->unet.class_embedding != SFM_CLASS_NONE,
    };
    if (r->overlap == 0)
        return true;
    run->tiles = sfm_tiles_new(&params, error);
    return run->tiles != NULL;
}

static bool make_mirrors(SfmRun *run, GError **error)
{
    const SfmModel *model = run->model;
    const uint32_t out_channels =
        model->unet.out_channels / (model->card.patch * model->card.patch);

    if (num_mirrors(run) == 1)
        return true;
    run->mirrors = sfm_mirrors_new(run->engine->runner, run->shape, out_channels, num_mirrors(run),
                                   &run->engine->cancel, error);
    return run->mirrors != NULL;
}

static bool make_state(SfmRun *run, GError **error)
{
    SfmRunner *runner = run->engine->runner;

    run->x = sfm_buffer_new(runner, run->shape, error);
    if (!run->x)
        return false;
    if (run->work->needs_scratch && !(run->scratch = sfm_buffer_new(runner, run->shape, error)))
        return false;
    return take_pictures(run, error) && make_tiles(run, error) && make_mirrors(run, error);
}

bool sfm_run_prepare(SfmRun *run, const SfmJobParams *params, SfmImage *images, GError **error)
{
    const SfmRunOptions loading = { &run->engine->cancel, on_loading, run };

    if (!make_levels(run, error) || !sfm_estimates_init(run, params, images, error) ||
        !start_meter(run, params, error))
        return false;
    sfm_meter_loading(&run->meter);
    if (!sfm_model_hash(run->model, &run->engine->cancel, error) || // for the recipes
        !sfm_network_prepare(run->network, &run->request->tile, &loading, error))
        return false;
    run->kernels = sfm_plan_choices(sfm_network_plan(run->network));
    return make_denoiser(run, error) && make_state(run, error);
}

// The levels from one on, borrowed from the run's.
static SfmLevels levels_from(const SfmRun *run, size_t from)
{
    const SfmLevels *all = &run->levels;
    return (SfmLevels){ all->num - from, all->sigma + from, all->timestep + from };
}

static bool run_script(SfmRun *run, GError **error)
{
    const SfmLevels levels = levels_from(run, run->from);
    const SfmSampling sampling = {
        .runner = run->engine->runner,
        .cancel = &run->engine->cancel,
        .model = sfm_run_model(run),
        .guidance = run->request->guidance,
        .user_data = run,
        .denoise = on_denoise,
        .timestep = on_timestep,
        .predict = sfm_network_table(run->network) ? on_predict : NULL, // NULL: no timesteps
        .learned_variance = on_learned_variance,
        .noise = on_noise,
        .step = on_step,
        .note = on_note,
        .log = on_log,
    };
    return sfm_script_sample(run->request->sampler, &sampling, &levels, run->x, error);
}

bool sfm_run_sample_part(SfmRun *run, size_t from, size_t to, GError **error)
{
    g_autoptr(GError) why = NULL;

    run->from = from;
    run->to = to;
    run->left = false;
    const bool done = run_script(run, &why);
    run->steps_before += (int)(to - from);
    if (done || run->left)
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}
