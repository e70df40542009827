// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sigma space outside, the network's space inside. With s = sigma and c =
// sqrt(1 + s^2), so that x_VP = x / c, sqrt(abar) = 1 / c, sqrt(1 - abar) = s / c:
//
//     predicts     x0                        eps
//     epsilon      x - s out                 out
//     v            x / c^2 - (s / c) out     (s / c^2) x + out / c
//     sample       out                       (x - out) / s
//     score        x + s^2 out               -s out
//     consistency  k x + h out               ((1 - k) x - h out) / s
//
// with k = d^2 / ((s - s_min)^2 + d^2), h = (s - s_min) d / sqrt(s^2 + d^2) and d
// = sigma_data: at s_min x is clean (Song et al., arXiv:2303.01469, appendix C).
// Both are linear in x and out: a row of four numbers (coefficients()). So
// guidance, which mixes two answers to one x, may mix the outputs themselves.

#include "job/denoiser.h"

#include <math.h>

#include "job/formula.h"
#include "ops/quantile.h"
#include "ops/slice.h"

struct SfmDenoiser {
    SfmDenoiserParams params;
    SfmBuffer *input;              // [N, C, H, W]
    SfmBuffer *condition, *labels; // [N, 1, 1, 1]
    SfmBuffer *output;             // [N, out_channels, H, W]: the network's last answer
    SfmBuffer *predicted;          // its first C channels; `output` itself where those are all
    SfmBuffer *variance;           // the others; NULL: none
    SfmBuffer *unguided;           // the first C channels without a class; NULL until needed
    SfmBuffer *quantile;           // [N, 1, 1, 1]
};

static bool learns_variance(const SfmDenoiser *d)
{
    return d->params.out_channels != d->params.shape.dim[1];
}

static bool make_buffers(SfmDenoiser *d, GError **error)
{
    SfmRunner *runner = d->params.runner;
    const SfmShape shape = d->params.shape;
    const SfmShape each = SFM_SHAPE(shape.dim[0], 1, 1, 1);
    const SfmShape out =
        SFM_SHAPE(shape.dim[0], d->params.out_channels, shape.dim[2], shape.dim[3]);

    if (!(d->input = sfm_buffer_new(runner, shape, error)) ||
        !(d->condition = sfm_buffer_new(runner, each, error)) ||
        !(d->labels = sfm_buffer_new(runner, each, error)) ||
        !(d->quantile = sfm_buffer_new(runner, each, error)) ||
        !(d->output = sfm_buffer_new(runner, out, error)))
        return false;
    if (!learns_variance(d)) {
        d->predicted = d->output;
        return true;
    }
    return (d->predicted = sfm_buffer_new(runner, shape, error)) &&
           (d->variance = sfm_buffer_new(runner, shape, error));
}

SfmDenoiser *sfm_denoiser_new(const SfmDenoiserParams *params, GError **error)
{
    const uint32_t channels = params->shape.dim[1];
    g_autoptr(SfmDenoiser) d = g_new0(SfmDenoiser, 1);

    d->params = *params;
    if (params->out_channels != channels && params->out_channels != 2 * channels) {
        sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                 "the network answers %u channels with %u, which is neither as many nor twice as "
                 "many",
                 channels, params->out_channels);
        return NULL;
    }
    return make_buffers(d, error) ? g_steal_pointer(&d) : NULL;
}

void sfm_denoiser_free(SfmDenoiser *d)
{
    if (!d)
        return;
    SfmRunner *runner = d->params.runner;
    if (d->predicted != d->output)
        sfm_buffer_free(runner, d->predicted);
    SfmBuffer *buffers[] = { d->input,    d->condition, d->labels,  d->output,
                             d->variance, d->unguided,  d->quantile };
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        sfm_buffer_free(runner, buffers[i]);
    g_free(d);
}

int sfm_denoiser_evals(int label, double guidance)
{
    return label != SFM_NO_LABEL && guidance != 1.0 ? 2 : 1;
}

static bool fill(SfmDenoiser *d, SfmBuffer *buffer, double value, GError **error)
{
    const size_t num = buffer->shape.dim[0];
    g_autofree float *data = g_new(float, num);

    for (size_t i = 0; i < num; i++)
        data[i] = (float)value;
    return sfm_buffer_write(d->params.runner, buffer, data, error);
}

// The C channels of the network's answer that begin at `first`.
static bool take_channels(SfmDenoiser *d, uint32_t first, SfmBuffer *out, GError **error)
{
    const SfmSlice attrs = { .first = first, .count = d->params.shape.dim[1] };
    const SfmCall call = {
        .op = sfm_op_find("slice"),
        .attrs = &attrs,
        .num_inputs = 1,
        .in = { d->output->shape },
        .out = { out->shape },
    };
    return sfm_runner_call(d->params.runner, &call, &out, &d->output, error);
}

static bool run_network(SfmDenoiser *d, SfmBuffer *sample, int label, GError **error)
{
    const SfmDenoiserParams *p = &d->params;

    if (p->has_classes && !fill(d, d->labels, label == SFM_NO_LABEL ? p->null_label : label, error))
        return false;
    return p->network(p->user_data, sample, d->condition, p->has_classes ? d->labels : NULL,
                      d->output, error);
}

// The network's answer for one class, split into what it predicts and its
// variance.
static bool ask(SfmDenoiser *d, SfmBuffer *sample, int label, GError **error)
{
    if (!run_network(d, sample, label, error))
        return false;
    return !learns_variance(d) || (take_channels(d, 0, d->predicted, error) &&
                                   take_channels(d, d->params.shape.dim[1], d->variance, error));
}

// The answer without a class, kept apart. Nothing learned is taken from it: the
// variance is that of the class.
static bool ask_without_class(SfmDenoiser *d, GError **error)
{
    if (d->params.null_label == SFM_NO_LABEL)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "guidance: the model's card names no null_class");
    if (!d->unguided && !(d->unguided = sfm_buffer_new(d->params.runner, d->params.shape, error)))
        return false;
    return run_network(d, d->input, SFM_NO_LABEL, error) && take_channels(d, 0, d->unguided, error);
}

// Classifier-free guidance (Ho & Salimans, arXiv:2207.12598; their w is ours - 1).
static bool ask_guided(SfmDenoiser *d, const SfmDenoiseRequest *at, GError **error)
{
    const bool twice = sfm_denoiser_evals(at->label, at->guidance) == 2;

    if (twice && !ask_without_class(d, error))
        return false;
    if (!ask(d, d->input, at->label, error))
        return false;
    return !twice || sfm_formula_mix(d->params.runner, d->predicted, at->guidance, d->predicted,
                                     1.0 - at->guidance, d->unguided, error);
}

// x0 = x0_x x + x0_out out, and eps likewise.
typedef struct {
    double x0_x, x0_out, eps_x, eps_out;
} Coefficients;

static Coefficients coefficients(const SfmSchedulerConfig *scheduler, double s)
{
    const double c = sqrt(1.0 + s * s);
    const double above = s - scheduler->sigma_min, d = scheduler->sigma_data;
    const double k = d * d / (above * above + d * d), h = above * d / hypot(s, d);
    const Coefficients all[] = {
        [SFM_PREDICT_EPSILON] = { 1.0, -s, 0.0, 1.0 },
        [SFM_PREDICT_V] = { 1.0 / (c * c), -s / c, s / (c * c), 1.0 / c },
        [SFM_PREDICT_SAMPLE] = { 0.0, 1.0, 1.0 / s, -1.0 / s },
        [SFM_PREDICT_SCORE] = { 1.0, s * s, 0.0, -s },
        [SFM_PREDICT_CONSISTENCY] = { k, h, (1.0 - k) / s, -h / s },
    };
    return all[scheduler->prediction];
}

static bool apply(SfmDenoiser *d, SfmBuffer *out, SfmBuffer *x, double of_x, double of_output,
                  GError **error)
{
    SfmRunner *runner = d->params.runner;

    if (of_x == 0.0)
        return sfm_formula_scale(runner, out, of_output, d->predicted, error);
    return sfm_formula_mix(runner, out, of_x, x, of_output, d->predicted, error);
}

static bool clip(SfmDenoiser *d, SfmBuffer *x0, GError **error)
{
    const double range = d->params.scheduler->clip_range;
    SfmFormula f = { 0 };
    const uint8_t low = sfm_formula_scalar(&f, -range), high = sfm_formula_scalar(&f, range);
    const uint8_t x = sfm_formula_tensor(&f, x0);

    sfm_formula_op(&f, SFM_EXPR_MIN, sfm_formula_op(&f, SFM_EXPR_MAX, x, low), high);
    return sfm_formula_run(&f, d->params.runner, x0, error);
}

// x0 = clamp(x0, -q, q) / q, with q the quantile of the image, limited to 1 ..
// sample_max_value (Saharia et al., arXiv:2205.11487, section 2.3).
static bool threshold(SfmDenoiser *d, SfmBuffer *x0, GError **error)
{
    const SfmSchedulerConfig *scheduler = d->params.scheduler;
    const SfmQuantile attrs = { .q = (float)scheduler->threshold_ratio, .absolute = 1 };
    const SfmCall call = {
        .op = sfm_op_find("quantile"),
        .attrs = &attrs,
        .num_inputs = 1,
        .in = { x0->shape },
        .out = { d->quantile->shape },
    };
    if (!sfm_runner_call(d->params.runner, &call, &d->quantile, &x0, error))
        return false;

    SfmFormula f = { 0 };
    const uint8_t one = sfm_formula_scalar(&f, 1.0);
    const uint8_t most = sfm_formula_scalar(&f, fmax(scheduler->sample_max_value, 1.0));
    const uint8_t x = sfm_formula_tensor(&f, x0);
    const uint8_t at_least =
        sfm_formula_op(&f, SFM_EXPR_MAX, sfm_formula_per_image(&f, d->quantile), one);
    const uint8_t q = sfm_formula_op(&f, SFM_EXPR_MIN, at_least, most);
    const uint8_t above =
        sfm_formula_op(&f, SFM_EXPR_MAX, x, sfm_formula_op(&f, SFM_EXPR_NEG, q, 0));

    sfm_formula_op(&f, SFM_EXPR_DIV, sfm_formula_op(&f, SFM_EXPR_MIN, above, q), q);
    return sfm_formula_run(&f, d->params.runner, x0, error);
}

// As the published scheduler limits the clean estimate. The data of score
// networks lies in 0 .. 1 and is not limited on the way.
static bool limit(SfmDenoiser *d, SfmBuffer *x0, GError **error)
{
    const SfmSchedulerConfig *scheduler = d->params.scheduler;

    if (scheduler->prediction == SFM_PREDICT_SCORE)
        return true;
    if (scheduler->thresholding)
        return threshold(d, x0, error);
    return !scheduler->clip_sample || clip(d, x0, error);
}

double sfm_denoiser_condition(const SfmDenoiser *d, double sigma, double timestep)
{
    switch (d->params.scheduler->prediction) {
    case SFM_PREDICT_SCORE:
        return sigma;
    case SFM_PREDICT_CONSISTENCY:
        return 250.0 * log(fmax(sigma, d->params.scheduler->sigma_min));
    default:
        return isnan(timestep) ? sfm_noise_table_timestep(d->params.table, sigma) : timestep;
    }
}

// What x is divided by before the network sees it.
static double input_scale(const SfmSchedulerConfig *scheduler, double s)
{
    switch (scheduler->prediction) {
    case SFM_PREDICT_SCORE:
        return 1.0;
    case SFM_PREDICT_CONSISTENCY:
        return hypot(s, scheduler->sigma_data);
    default:
        return sqrt(1.0 + s * s);
    }
}

static bool prepare(SfmDenoiser *d, SfmBuffer *x, const SfmDenoiseRequest *at, GError **error)
{
    const double s = at->sigma;

    return fill(d, d->condition, sfm_denoiser_condition(d, s, at->timestep), error) &&
           sfm_formula_scale(d->params.runner, d->input, 1.0 / input_scale(d->params.scheduler, s),
                             x, error);
}

bool sfm_denoiser_denoise(SfmDenoiser *d, SfmBuffer *x, const SfmDenoiseRequest *at, SfmBuffer *x0,
                          SfmBuffer *eps, GError **error)
{
    if (!(at->sigma > 0.0 && isfinite(at->sigma)))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "denoise: sigma is %g; it must be above 0 and finite", at->sigma);

    const Coefficients k = coefficients(d->params.scheduler, at->sigma);
    return prepare(d, x, at, error) && ask_guided(d, at, error) &&
           apply(d, x0, x, k.x0_x, k.x0_out, error) &&
           apply(d, eps, x, k.eps_x, k.eps_out, error) && limit(d, x0, error);
}

bool sfm_denoiser_predict(SfmDenoiser *d, SfmBuffer *x_vp, double timestep, int label,
                          SfmBuffer *out, GError **error)
{
    return fill(d, d->condition, timestep, error) && ask(d, x_vp, label, error) &&
           sfm_formula_scale(d->params.runner, out, 1.0, d->predicted, error);
}

// out = exp(offset + slope nu), nu being what the network gave.
static bool log_variance(SfmDenoiser *d, SfmBuffer *out, double offset, double slope,
                         GError **error)
{
    SfmFormula f = { 0 };
    const uint8_t a = sfm_formula_scalar(&f, offset), b = sfm_formula_scalar(&f, slope);
    const uint8_t part = sfm_formula_op(&f, SFM_EXPR_MUL, b, sfm_formula_tensor(&f, d->variance));

    sfm_formula_op(&f, SFM_EXPR_EXP, sfm_formula_op(&f, SFM_EXPR_ADD, a, part), 0);
    return sfm_formula_run(&f, d->params.runner, out, error);
}

// Nichol & Dhariwal, arXiv:2102.09672, equation 15, on the re-spaced chain; any
// variance of x_VP at b is (1 + b^2) times as large in sigma space.
bool sfm_denoiser_learned_variance(SfmDenoiser *d, double a, double b, SfmBuffer *out,
                                   GError **error)
{
    if (!d->variance)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "learned variance: the network has %u output channels, %u would hold one",
                        d->params.out_channels, 2 * d->params.shape.dim[1]);

    const double to_sigma_space = 1.0 + b * b;
    if (d->params.scheduler->variance == SFM_VARIANCE_LEARNED)
        return sfm_formula_scale(d->params.runner, out, to_sigma_space, d->variance, error);

    const double beta = (a * a - b * b) / (1.0 + a * a); // 1 - abar_a / abar_b
    const double posterior = b * b / (a * a) * (1.0 + a * a) / (1.0 + b * b) * beta;
    const double high = log(beta), low = log(fmax(posterior, 1e-20));
    return log_variance(d, out, (high + low) / 2.0 + log(to_sigma_space), (high - low) / 2.0,
                        error);
}
