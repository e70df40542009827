// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures from noise. What must stay true: image i depends on the recipe and
// on i alone, not on how many others there are or which run beside it; and
// nothing is handed out before all of it is done.
//
// x lives in sigma space, at the size that the network wants; the picture is
// its top left part.

#include "job/generate.h"

#include <math.h>

#include "job/classes.h"
#include "job/defaults.h"
#include "job/denoiser.h"
#include "job/engine.h"
#include "job/formula.h"
#include "job/meter.h"
#include "job/recipe.h"
#include "job/request.h"

// A job under way. What a script calls back into is this.
typedef struct {
    SfmEngine *engine; // borrowed, as are the next four
    SfmNetwork *network;
    SfmModel *model;
    SfmNoiseSource *noise;
    const SfmRequest *request;
    SfmShape shape; // of x
    SfmLevels levels;
    SfmDenoiser *denoiser; // owned
    SfmBuffer *x;          // owned
    GPtrArray *notes;      // of SfmNote; owned
    SfmMeter meter;
    uint32_t first_image; // of those at hand
} Run;

static void note_free(gpointer data)
{
    SfmNote *note = data;

    g_free(note->key);
    g_free(note->value);
    g_free(note);
}

static void run_clear(Run *run)
{
    sfm_denoiser_free(run->denoiser);
    sfm_buffer_free(run->engine->runner, run->x);
    sfm_levels_clear(&run->levels);
    if (run->notes)
        g_ptr_array_unref(run->notes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void on_evaluating(void *user_data, double done, double total)
{
    Run *run = user_data;
    sfm_meter_evaluating(&run->meter, done, total);
}

static void on_loading(void *user_data, double done, double total)
{
    Run *run = user_data;
    sfm_meter_loading(&run->meter);
}

static bool run_network(void *user_data, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                        SfmBuffer *out, GError **error)
{
    Run *run = user_data;
    const SfmRunOptions options = { &run->engine->cancel, on_evaluating, run };

    if (!sfm_network_run(run->network, sample, condition, labels, out, &options, error))
        return false;
    sfm_meter_evaluated(&run->meter);
    return true;
}

// ---- what the sampler asks --------------------------------------------------

// What the schedule says that the network is told at this level; NaN: nothing.
static double told_at(const SfmLevels *levels, double sigma)
{
    for (size_t i = 0; i < levels->num; i++) {
        if (fabs(levels->sigma[i] - sigma) <= 1e-9 * sigma)
            return levels->timestep[i];
    }
    return NAN;
}

static bool level_of(const Run *run, double sigma, const SfmDenoiseOptions *options,
                     SfmLevel *level, GError **error)
{
    *level = (SfmLevel){
        .sigma = sigma,
        .timestep = told_at(&run->levels, sigma),
        .label = run->request->label,
        .guidance = run->request->guidance,
    };
    if (options && !isnan(options->guidance))
        level->guidance = options->guidance;
    return !options || !options->class_name ||
           sfm_class_find(run->model, options->class_name, &level->label, error);
}

static bool on_denoise(void *user_data, SfmBuffer *x, double sigma,
                       const SfmDenoiseOptions *options, SfmBuffer *x0, SfmBuffer *eps,
                       GError **error)
{
    Run *run = user_data;
    SfmLevel level;

    return level_of(run, sigma, options, &level, error) &&
           sfm_denoiser_denoise(run->denoiser, x, &level, x0, eps, error);
}

static bool on_predict(void *user_data, SfmBuffer *x_vp, double timestep, SfmBuffer *out,
                       GError **error)
{
    Run *run = user_data;
    return sfm_denoiser_predict(run->denoiser, x_vp, timestep, run->request->label, out, error);
}

static bool on_learned_variance(void *user_data, double a, double b, SfmBuffer *out, GError **error)
{
    Run *run = user_data;
    return sfm_denoiser_learned_variance(run->denoiser, a, b, out, error);
}

static bool on_noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out,
                     GError **error)
{
    Run *run = user_data;
    return run->noise->draw(run->noise, run->first_image, step, stream, out, error);
}

static bool on_step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    Run *run = user_data;

    sfm_meter_stepped(&run->meter);
    return sfm_cancel_check(&run->engine->cancel, error);
}

static void on_note(void *user_data, const char *key, const char *value)
{
    Run *run = user_data;
    SfmNote *note = g_new(SfmNote, 1);

    *note = (SfmNote){ g_strdup(key), g_strdup(value) };
    g_ptr_array_add(run->notes, note);
}

static void on_log(void *user_data, const char *text)
{
    const Run *run = user_data;
    g_message("%s: %s", sfm_script_info(run->request->sampler)->name, text);
}

// ---- preparation ------------------------------------------------------------

static SfmScriptModel describe(const Run *run)
{
    static const char *const predictions[] = {
        [SFM_PREDICT_EPSILON] = "epsilon",
        [SFM_PREDICT_V] = "v_prediction",
        [SFM_PREDICT_SAMPLE] = "sample",
        [SFM_PREDICT_SCORE] = "score",
    };
    static const char *const spacings[] = {
        [SFM_SPACING_LEADING] = "leading",
        [SFM_SPACING_LINSPACE] = "linspace",
        [SFM_SPACING_TRAILING] = "trailing",
    };
    const SfmSchedulerConfig *scheduler = &run->model->scheduler;
    const SfmNoiseTable *table = sfm_network_table(run->network);

    return (SfmScriptModel){
        .prediction = predictions[scheduler->prediction],
        .sigma_min = table ? table->sigma[0] : scheduler->sigma_min,
        .sigma_max = table ? table->sigma[table->num - 1] : scheduler->sigma_max,
        .num_train_timesteps = table ? table->num : 0,
        .alphas_cumprod = table ? table->alphas_cumprod : NULL,
        .spacing = spacings[scheduler->spacing],
        .steps_offset = scheduler->steps_offset,
        .shape = run->shape,
        .num_classes = (int)sfm_num_classes(run->model),
    };
}

// Generation starts from pure noise: a schedule that starts far below the noise
// that the model was trained on leaves it a task it does not know.
static void warn_of_low_start(const Run *run, const SfmScriptModel *model)
{
    if (run->levels.sigma[0] < model->sigma_max / 2.0)
        g_message("schedule %s starts at sigma %g; the model was trained up to %g, and pictures "
                  "may come out flat",
                  sfm_script_info(run->request->schedule)->name, run->levels.sigma[0],
                  model->sigma_max);
}

static bool make_levels(Run *run, GError **error)
{
    const SfmScriptModel model = describe(run);

    if (!sfm_script_levels(run->request->schedule, &model, run->request->num_steps, &run->levels,
                           error))
        return false;
    warn_of_low_start(run, &model);
    return true;
}

static void start_meter(Run *run, const SfmGenerateParams *params)
{
    const SfmRequest *r = run->request;
    const uint32_t batch = r->size.batch;
    const uint32_t images = (r->num_images + batch - 1) / batch * batch;
    const int evals = sfm_script_info(r->sampler)->evals;

    sfm_meter_init(&run->meter, params->progress, params->user_data,
                   (int)(run->levels.num - 1) * (int)images,
                   evals * sfm_denoiser_evals(r->label, r->guidance));
}

static bool make_denoiser(Run *run, GError **error)
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

static bool prepare(Run *run, const SfmGenerateParams *params, GError **error)
{
    const SfmRunOptions loading = { &run->engine->cancel, on_loading, run };

    if (!make_levels(run, error))
        return false;
    start_meter(run, params);
    sfm_meter_loading(&run->meter);
    if (!sfm_network_prepare(run->network, &run->request->size, &loading, error) ||
        !make_denoiser(run, error))
        return false;
    run->x = sfm_buffer_new(run->engine->runner, run->shape, error);
    return run->x != NULL;
}

// ---- images -----------------------------------------------------------------

// x at the first level, from unit noise (MATH.md, "Generate").
static bool start(Run *run, GError **error)
{
    const double s = run->levels.sigma[0];
    const double scale = sfm_starts_with_sigma(run->model) ? s : sqrt(1.0 + s * s);

    return run->noise->draw(run->noise, run->first_image, SFM_NOISE_START, 0, run->x, error) &&
           sfm_formula_scale(run->engine->runner, run->x, scale, run->x, error);
}

static bool sample(Run *run, GError **error)
{
    const SfmSampling sampling = {
        .runner = run->engine->runner,
        .model = describe(run),
        .user_data = run,
        .denoise = on_denoise,
        .predict = on_predict,
        .learned_variance = on_learned_variance,
        .noise = on_noise,
        .step = on_step,
        .note = on_note,
        .log = on_log,
    };
    return sfm_script_sample(run->request->sampler, &sampling, &run->levels, run->x, error);
}

// One plane of x -> one channel of the picture. The data of score networks
// already lies in 0 .. 1.
static bool take_plane(const Run *run, const float *plane, uint32_t channel, SfmImage *image,
                       GError **error)
{
    const bool unit = run->model->scheduler.prediction == SFM_PREDICT_SCORE;

    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            const float v = plane[(size_t)y * run->shape.dim[3] + (size_t)x];
            if (!isfinite(v))
                return sfm_fail(error, SFM_ERROR_BAD_NUMBER,
                                "%s: pixel (%d, %d) of the picture came out as %g",
                                run->model->name, x, y, (double)v);
            const size_t at = (size_t)y * (size_t)image->width + (size_t)x;
            image->pixels[at * (size_t)image->channels + channel] =
                CLAMP(unit ? v : v / 2.0F + 0.5F, 0.0F, 1.0F);
        }
    }
    return true;
}

static bool take_image(const Run *run, const float *x, uint32_t index, SfmImage *image,
                       GError **error)
{
    const SfmRequest *r = run->request;
    const size_t plane = (size_t)run->shape.dim[2] * run->shape.dim[3];
    g_auto(SfmImage) made = {
        .width = (int)r->pixels.width,
        .height = (int)r->pixels.height,
        .channels = (int)r->channels,
        .pixels = g_try_new(float, (size_t)r->pixels.width * r->pixels.height * r->channels),
    };
    if (!made.pixels)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for a picture of %ux%u",
                        r->pixels.width, r->pixels.height);
    for (uint32_t c = 0; c < r->channels; c++) {
        if (!take_plane(run, x + c * plane, c, &made, error))
            return false;
    }
    made.recipe = sfm_recipe(r, run->model, run->engine->device, index, run->notes, error);
    if (!made.recipe)
        return false;
    *image = made;
    made = (SfmImage){ 0 };
    return true;
}

// Those of the batch at hand that were asked for: the last may be cut short.
static bool take_images(const Run *run, SfmImage *images, GError **error)
{
    const size_t each = sfm_shape_count(run->shape) / run->shape.dim[0];
    g_autofree float *x = g_try_new(float, sfm_shape_count(run->shape));

    if (!x)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %u pictures", run->shape.dim[0]);
    if (!sfm_buffer_read(run->engine->runner, run->x, x, error))
        return false;
    for (uint32_t n = 0; n < run->shape.dim[0]; n++) {
        const uint32_t index = run->first_image + n;
        if (index < run->request->num_images &&
            !take_image(run, x + n * each, index, &images[index], error))
            return false;
    }
    return true;
}

static bool make_batch(Run *run, SfmImage *images, GError **error)
{
    g_ptr_array_set_size(run->notes, 0);
    sfm_meter_start(&run->meter, (int)run->request->size.batch);
    return start(run, error) && sample(run, error) && take_images(run, images, error);
}

static bool make_all(Run *run, SfmImage *images, GError **error)
{
    const uint32_t num = run->request->num_images;

    for (run->first_image = 0; run->first_image < num;
         run->first_image += run->request->size.batch) {
        if (!make_batch(run, images, error)) {
            for (uint32_t i = 0; i < num; i++)
                sfm_image_clear(&images[i]);
            return false;
        }
    }
    return true;
}

static SfmNoiseSource *new_noise(SfmRunner *runner, const SfmRequest *request)
{
    return request->noise == SFM_NOISE_TORCH ? sfm_noise_torch_new(runner, request->seed)
                                             : sfm_noise_philox_new(runner, request->seed);
}

bool sfm_generate(SfmEngine *engine, const SfmGenerateParams *params, SfmNoiseSource *noise,
                  SfmImage *images, GError **error)
{
    g_auto(SfmRequest) request = { 0 };
    SfmNetwork *network = sfm_engine_network(engine, params->model, error);

    if (!network || !sfm_request_init(&request, engine->data_dir, network, params, error))
        return false;
    g_autoptr(SfmNoiseSource) own = new_noise(engine->runner, &request);
    g_auto(Run) run = {
        .engine = engine,
        .network = network,
        .model = sfm_network_model(network),
        .noise = noise ? noise : own,
        .request = &request,
        .shape = SFM_SHAPE(request.size.batch, request.channels, request.size.height,
                           request.size.width),
        .notes = g_ptr_array_new_with_free_func(note_free),
    };
    g_autofree SfmImage *made = g_new0(SfmImage, request.num_images);

    if (!prepare(&run, params, error) || !make_all(&run, made, error))
        return false;
    memcpy(images, made, request.num_images * sizeof *made);
    return true;
}

bool sfm_engine_generate(SfmEngine *engine, const SfmGenerateParams *params, SfmImage *images,
                         GError **error)
{
    g_return_val_if_fail(engine && params && images, false);

    GError *why = NULL;
    return sfm_generate(engine, params, NULL, images, &why) || sfm_engine_fail(engine, why, error);
}

void sfm_image_clear(SfmImage *image)
{
    g_free(image->pixels);
    g_free(image->recipe);
    *image = (SfmImage){ 0 };
}
