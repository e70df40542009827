// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bare network on tensors from a file, image by image, so that a file of any
// batch needs the memory of one.

#include <math.h>

#include "job/engine.h"

// The input file, checked against the model.
typedef struct {
    SfmShape shape;       // of sample
    float *sample;        // [B, C, H, W]; owned
    float *timestep;      // [B]; owned
    float *labels;        // [B, label_width]; owned; NULL: the model has no classes
    uint32_t label_width; // 1, or that of an embedding
} Inputs;

static void inputs_clear(Inputs *inputs)
{
    g_free(inputs->sample);
    g_free(inputs->timestep);
    g_free(inputs->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Inputs, inputs_clear)

static char *dims_text(const SfmTensorEntry *entry)
{
    GString *text = g_string_new("[");

    for (int i = 0; i < entry->rank; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", entry->dim[i]);
    return g_string_free(g_string_append_c(text, ']'), FALSE);
}

static const SfmTensorEntry *need(const SfmTensorFile *file, const char *path, const char *name,
                                  GError **error)
{
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, name);

    if (!entry)
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: there is no %s", path, name);
    return entry;
}

static float *read_floats(SfmTensorFile *file, const SfmTensorEntry *entry, GError **error)
{
    g_autofree float *data = g_try_new(float, entry->count);

    if (!data) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %zu numbers", entry->name,
                 entry->count);
        return NULL;
    }
    return sfm_tensor_file_read(file, entry, data, error) ? g_steal_pointer(&data) : NULL;
}

static bool read_sample(Inputs *in, SfmTensorFile *file, const char *path,
                        const SfmUnetConfig *unet, GError **error)
{
    const SfmTensorEntry *entry = need(file, path, "sample", error);
    if (!entry)
        return false;

    const uint32_t multiple = sfm_unet_multiple(unet, 1);
    const uint64_t *d = entry->dim;
    const uint64_t most = 1 << 20;
    g_autofree char *dims = dims_text(entry);
    if (entry->rank != 4 || d[0] == 0 || d[0] > most || d[1] != unet->in_channels || d[2] == 0 ||
        d[2] > most || d[2] % multiple != 0 || d[3] == 0 || d[3] > most || d[3] % multiple != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "%s: sample is %s, not [B, %u, H, W] with H and W multiples of %u", path,
                        dims, unet->in_channels, multiple);
    in->shape = SFM_SHAPE((uint32_t)d[0], (uint32_t)d[1], (uint32_t)d[2], (uint32_t)d[3]);
    in->sample = read_floats(file, entry, error);
    return in->sample != NULL;
}

static bool read_timestep(Inputs *in, SfmTensorFile *file, const char *path,
                          const SfmUnetConfig *unet, GError **error)
{
    const SfmTensorEntry *entry = need(file, path, "timestep", error);
    if (!entry)
        return false;

    g_autofree char *dims = dims_text(entry);
    if (entry->rank != 1 || entry->dim[0] != in->shape.dim[0])
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "%s: timestep is %s, not [%u] as sample", path,
                        dims, in->shape.dim[0]);
    in->timestep = read_floats(file, entry, error);
    if (!in->timestep)
        return false;
    for (size_t i = 0; i < entry->count; i++) {
        const double t = in->timestep[i];
        if (unet->time_embedding == SFM_TIME_LEARNED &&
            !(t >= 0 && t < unet->num_train_timesteps && t == floor(t)))
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                            "%s: timestep %zu is %g, no row of the learned table of %u", path, i, t,
                            unet->num_train_timesteps);
    }
    return true;
}

static bool check_labels(const Inputs *in, const char *path, const SfmUnetConfig *unet,
                         GError **error)
{
    for (uint32_t i = 0; i < in->shape.dim[0]; i++) {
        const double label = in->labels[i];
        if (!(label >= 0 && label < unet->num_class_embeds && label == floor(label)))
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                            "%s: class_labels %u is %g, not in 0 .. %u", path, i, label,
                            unet->num_class_embeds - 1);
    }
    return true;
}

static bool read_labels(Inputs *in, SfmTensorFile *file, const char *path,
                        const SfmUnetConfig *unet, GError **error)
{
    if (unet->class_embedding == SFM_CLASS_NONE)
        return !sfm_tensor_file_find(file, "class_labels") ||
               sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%s: has class_labels, and the model has no classes", path);
    const SfmTensorEntry *entry = need(file, path, "class_labels", error);
    if (!entry)
        return false;

    const bool identity = unet->class_embedding == SFM_CLASS_IDENTITY;
    g_autofree char *dims = dims_text(entry);
    in->label_width = identity ? sfm_unet_time_width(unet) : 1;
    if (entry->rank != (identity ? 2 : 1) || entry->dim[0] != in->shape.dim[0] ||
        (identity && entry->dim[1] != in->label_width))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "%s: class_labels is %s, not %u for each of %u "
                        "images",
                        path, dims, in->label_width, in->shape.dim[0]);
    in->labels = read_floats(file, entry, error);
    return in->labels &&
           (unet->class_embedding != SFM_CLASS_TABLE || check_labels(in, path, unet, error));
}

static bool read_inputs(Inputs *in, const char *path, const SfmUnetConfig *unet, GError **error)
{
    g_autoptr(SfmTensorFile) file = sfm_tensor_file_open(path, error);

    return file && read_sample(in, file, path, unet, error) &&
           read_timestep(in, file, path, unet, error) && read_labels(in, file, path, unet, error);
}

// Buffers of one image.
typedef struct {
    SfmRunner *runner; // borrowed
    SfmBuffer *sample, *condition, *labels, *out;
} Buffers;

static void buffers_clear(Buffers *b)
{
    sfm_buffer_free(b->runner, b->sample);
    sfm_buffer_free(b->runner, b->condition);
    sfm_buffer_free(b->runner, b->labels);
    sfm_buffer_free(b->runner, b->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Buffers, buffers_clear)

static bool make_buffers(Buffers *b, const Inputs *in, uint32_t out_channels, GError **error)
{
    const SfmShape one = SFM_SHAPE(1, in->shape.dim[1], in->shape.dim[2], in->shape.dim[3]);
    const SfmShape out = SFM_SHAPE(1, out_channels, one.dim[2], one.dim[3]);

    return (b->sample = sfm_buffer_new(b->runner, one, error)) &&
           (b->condition = sfm_buffer_new(b->runner, SFM_SHAPE(1, 1, 1, 1), error)) &&
           (!in->labels ||
            (b->labels = sfm_buffer_new(b->runner, SFM_SHAPE(1, in->label_width, 1, 1), error))) &&
           (b->out = sfm_buffer_new(b->runner, out, error));
}

static bool predict_one(SfmEngine *engine, SfmNetwork *network, Buffers *b, const Inputs *in,
                        uint32_t i, float *out, GError **error)
{
    const size_t each = sfm_shape_count(b->sample->shape);
    const SfmRunOptions options = { .cancel = &engine->cancel };

    return sfm_buffer_write(b->runner, b->sample, in->sample + i * each, error) &&
           sfm_buffer_write(b->runner, b->condition, in->timestep + i, error) &&
           (!b->labels || sfm_buffer_write(b->runner, b->labels,
                                           in->labels + (size_t)i * in->label_width, error)) &&
           sfm_network_run(network, b->sample, b->condition, b->labels, b->out, &options, error) &&
           sfm_buffer_read(b->runner, b->out, out, error);
}

static float *predict_all(SfmEngine *engine, SfmNetwork *network, const Inputs *in, GError **error)
{
    const uint32_t channels = sfm_network_model(network)->unet.out_channels;
    const size_t each = (size_t)channels * in->shape.dim[2] * in->shape.dim[3];
    g_auto(Buffers) buffers = { .runner = engine->runner };
    g_autofree float *out = g_try_new(float, each * in->shape.dim[0]);

    if (!out) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "output: no memory for %u images", in->shape.dim[0]);
        return NULL;
    }
    if (!make_buffers(&buffers, in, channels, error))
        return NULL;
    for (uint32_t i = 0; i < in->shape.dim[0]; i++) {
        if (!predict_one(engine, network, &buffers, in, i, out + i * each, error))
            return NULL;
    }
    return g_steal_pointer(&out);
}

static bool predict(SfmEngine *engine, const char *model, const char *input, const char *output,
                    GError **error)
{
    SfmNetwork *network = sfm_engine_network(engine, model, error);
    if (!network)
        return false;

    const SfmUnetConfig *unet = &sfm_network_model(network)->unet;
    const SfmRunOptions loading = { .cancel = &engine->cancel };
    g_auto(Inputs) in = { 0 };
    if (!read_inputs(&in, input, unet, error))
        return false;
    const SfmUnetSize size = { 1, in.shape.dim[2], in.shape.dim[3], 1 };
    if (!sfm_network_prepare(network, &size, &loading, error))
        return false;

    g_autofree float *data = predict_all(engine, network, &in, error);
    const SfmTensorOut out = {
        .name = "output",
        .rank = 4,
        .dim = { in.shape.dim[0], unet->out_channels, in.shape.dim[2], in.shape.dim[3] },
        .data = data,
    };
    return data && sfm_safetensors_write(output, &out, 1, error);
}

bool sfm_engine_predict(SfmEngine *engine, const char *model, const char *input, const char *output,
                        GError **error)
{
    g_return_val_if_fail(engine && input && output, false);

    GError *why = NULL;
    return predict(engine, model, input, output, &why) || sfm_engine_fail(engine, why, error);
}
