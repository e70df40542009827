// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_SCRIPT_HOST_H
#define SFM_TESTS_SCRIPT_HOST_H

#include <math.h>

#include "cpu/runner.h"
#include "script/script.h"

#include "scratch.h"

// A host for samplers, on the reference runner, that counts and writes down what
// it is asked; and short words for running one.
#define MAX_IMAGES 2
#define SIZE       6 // elements of an image

// x at level sigma is half clean: x0 = x / 2, eps = x / (2 sigma).
typedef struct {
    SfmRunner *runner;
    SfmRunnerClass class; // counts, and calls the runner's own
    const SfmRunnerClass *own;
    int num_evals, num_buffers, num_freed;

    GString *said; // what the host was asked, in short
    size_t num_logged;
    char last_logged[64];    // cut short
    int cancel_at;           // step; -1: never
    int num_buffers_of_step; // made until the end of step 0
    double guidance;         // that was asked for
    double raise;            // what the host adds to x at the end of each step
    SfmLevels levels;
    SfmScriptModel model;
} Host;

static Host *counting; // the runner's functions know no host

static inline bool count_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                              SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    counting->num_evals++;
    return counting->own->eval(runner, expr, scalars, in, out, error);
}

static inline SfmBuffer *count_buffer(SfmRunner *runner, SfmShape shape, GError **error)
{
    counting->num_buffers++;
    return counting->own->buffer_new(runner, shape, error);
}

static inline void count_freed(SfmRunner *runner, SfmBuffer *buffer)
{
    counting->num_freed++;
    counting->own->buffer_free(runner, buffer);
}

static inline void host_init(Host *host, uint32_t num_images)
{
    static double sigma[] = { 4, 2, 1, 0 }, timestep[] = { 3, 2, 1, 0 };
    static const double alphas_cumprod[] = { 0.9, 0.5, 0.2, 0.1 };
    *host = (Host){ .runner = sfm_cpu_runner_new(), .said = g_string_new(""), .cancel_at = -1 };
    host->own = host->runner->class;
    host->class = *host->own;
    host->class.eval = count_eval;
    host->class.buffer_new = count_buffer;
    host->class.buffer_free = count_freed;
    host->runner->class = &host->class;
    host->levels = (SfmLevels){ .num = 4, .sigma = sigma, .timestep = timestep };
    host->model = (SfmScriptModel){
        .prediction = "epsilon",
        .sigma_min = 0.3,
        .sigma_max = 4,
        .num_train_timesteps = 4,
        .alphas_cumprod = alphas_cumprod,
        .shape = SFM_SHAPE(num_images, 1, 2, 3),
    };
    counting = host;
}

static inline void host_clear(Host *host)
{
    host->runner->class = host->own;
    sfm_runner_free(host->runner);
    g_string_free(host->said, TRUE);
}

static inline size_t num_elements(const Host *host)
{
    return sfm_shape_count(host->model.shape);
}

// out = in * scale
static inline bool scale(Host *host, SfmBuffer *in, double by, SfmBuffer *out, GError **error)
{
    float data[MAX_IMAGES * SIZE];
    if (!host->own->read(host->runner, in, sfm_shape_count(in->shape), data, error))
        return false;
    for (size_t i = 0; i < num_elements(host); i++)
        data[i] = (float)(data[i] * by);
    return host->own->write(host->runner, out, data, error);
}

static inline bool fill(Host *host, double value, SfmBuffer *out, GError **error)
{
    float data[MAX_IMAGES * SIZE];
    for (size_t i = 0; i < num_elements(host); i++)
        data[i] = (float)value;
    return host->own->write(host->runner, out, data, error);
}

static inline bool denoise(void *user_data, SfmBuffer *x, double sigma,
                           const SfmDenoiseOptions *options, SfmBuffer *x0, SfmBuffer *eps,
                           GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "denoise %g", sigma);
    if (!isnan(options->guidance))
        g_string_append_printf(host->said, " guidance %g", options->guidance);
    if (options->class_name)
        g_string_append_printf(host->said, " class %s", options->class_name);
    g_string_append_c(host->said, ';');
    if (g_strcmp0(options->class_name, "dog") == 0 || options->guidance == -7)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "cats only");
    if (sigma == 99)
        return sfm_fail(error, SFM_ERROR_DEVICE_LOST, "gone");
    return scale(host, x, 0.5, x0, error) && scale(host, x, 0.5 / sigma, eps, error);
}

static inline double timestep(void *user_data, double sigma)
{
    return 100 * sigma;
}

static inline bool predict(void *user_data, SfmBuffer *x_vp, double timestep, SfmBuffer *out,
                           GError **error)
{
    return scale(user_data, x_vp, 10 + timestep, out, error);
}

static inline bool learned_variance(void *user_data, double a, double b, SfmBuffer *out,
                                    GError **error)
{
    return fill(user_data, a * 10 + b, out, error);
}

static inline bool noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out,
                         GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "noise %u.%u;", step, stream);
    return fill(host, step * 10 + stream, out, error);
}

static inline bool step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "step %u%s;", i, x0 ? " x0" : "");
    if (i == 0)
        host->num_buffers_of_step = host->num_buffers;
    if ((int)i == host->cancel_at)
        return sfm_fail(error, SFM_ERROR_CANCELLED, "cancelled");
    float data[MAX_IMAGES * SIZE];
    host->own->read(host->runner, x, sfm_shape_count(x->shape), data, error);
    for (size_t k = 0; k < num_elements(host); k++)
        data[k] += (float)host->raise;
    return host->own->write(host->runner, x, data, error);
}

static inline void note(void *user_data, const char *key, const char *value)
{
    g_string_append_printf(((Host *)user_data)->said, "%s=%s;", key, value);
}

static inline void write_log(void *user_data, const char *text)
{
    Host *host = user_data;
    host->num_logged += strlen(text);
    g_strlcpy(host->last_logged, text, sizeof(host->last_logged));
}

static inline SfmScript *load(const char *fields)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("return diffusion.sampler { api = 1, name = 'it', %s }", fields);
    g_autofree char *path = scratch_text("it.lua", text);
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

static inline bool run_script(Host *host, SfmScript *script, float data[], GError **error)
{
    const SfmSampling sampling = {
        .runner = host->runner,
        .model = host->model,
        .guidance = host->guidance,
        .user_data = host,
        .denoise = denoise,
        .timestep = timestep,
        .predict = predict,
        .learned_variance = learned_variance,
        .noise = noise,
        .step = step,
        .note = note,
        .log = write_log,
    };
    SfmBuffer *x = host->own->buffer_new(host->runner, host->model.shape, error);
    bool ok = host->own->write(host->runner, x, data, error) &&
              sfm_script_sample(script, &sampling, &host->levels, x, error);
    ok = ok && host->own->read(host->runner, x, sfm_shape_count(x->shape), data, error);
    host->own->buffer_free(host->runner, x);
    return ok;
}

static inline bool run(Host *host, const char *fields, float data[], GError **error)
{
    g_autoptr(SfmScript) script = load(fields);
    return run_script(host, script, data, error);
}

static const float start[SIZE] = { -2, -0.5f, 0, 0.25f, 1, 3 };

// What sample() makes of `start`, one image.
static inline void sampled(const char *body, float data[])
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    memcpy(data, start, sizeof start);
    g_autofree char *fields = g_strdup_printf("sample = function(ctx, x, sigmas, p) %s end", body);
    run(&host, fields, data, &error);
    g_assert_no_error(error);
    host_clear(&host);
}

static inline void assert_near(const float got[], const float want[], size_t num)
{
    for (size_t i = 0; i < num; i++)
        g_assert_cmpfloat_with_epsilon(got[i], want[i], 1e-5);
}

static inline void fails_with(const char *body, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE];
    memcpy(data, start, sizeof start);
    g_autofree char *fields = g_strdup_printf("sample = function(ctx, x, sigmas, p) %s end", body);
    g_assert_false(run(&host, fields, data, &error));
    g_test_message("%s", error->message);
    assert_refused(&error, code, why);
    host_clear(&host);
}

static inline void fails(const char *body, const char *why)
{
    fails_with(body, SFM_ERROR_BAD_SCRIPT, why);
}

#endif
