// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bare network on tensors from a file, image by image, so that a file of any
// batch needs the memory of one.

#include <math.h>

#include "job/engine.h"
#include "job/network_io.h"

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

// What fp32 holds without rounding; F64 is refused rather than rounded in
// silence. Counts may be integers too.
static bool check_dtype(const char *path, const SfmTensorEntry *entry, bool is_count,
                        GError **error)
{
    const SfmDtype dtype = entry->dtype;
    const bool real = dtype == SFM_DTYPE_F32 || dtype == SFM_DTYPE_F16 || dtype == SFM_DTYPE_BF16;
    const bool integer = dtype == SFM_DTYPE_I64 || dtype == SFM_DTYPE_I32;

    return real || (is_count && integer) ||
           sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s is %s; it must be F32, F16%s", path,
                    entry->name, sfm_dtype_name(dtype),
                    is_count ? ", BF16, I64 or I32" : " or BF16");
}

static bool check_finite(const char *path, const SfmTensorEntry *entry, const float *data,
                         GError **error)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (!isfinite(data[i]))
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: %s: element %zu is %f, not a finite number", path, entry->name, i,
                            (double)data[i]);
    }
    return true;
}

// The elements of a tensor whose shape has been checked.
static float *read_floats(SfmTensorFile *file, const char *path, const SfmTensorEntry *entry,
                          bool is_count, GError **error)
{
    if (!check_dtype(path, entry, is_count, error))
        return NULL;
    g_autofree float *data = g_try_new(float, entry->count);
    if (!data) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %zu numbers", entry->name,
                 entry->count);
        return NULL;
    }
    const bool good =
        sfm_tensor_file_read(file, entry, data, error) && check_finite(path, entry, data, error);
    return good ? g_steal_pointer(&data) : NULL;
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
    in->sample = read_floats(file, path, entry, false, error);
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
    in->timestep = read_floats(file, path, entry, true, error);
    if (!in->timestep)
        return false;
    for (size_t i = 0; i < entry->count; i++) {
        const double t = in->timestep[i];
        if (unet->time_embedding == SFM_TIME_LEARNED &&
            !(t >= 0 && t < unet->num_train_timesteps && t == floor(t)))
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
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
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: class_labels %u is %g, not in 0 .. %u",
                            path, i, label, unet->num_class_embeds - 1);
    }
    return true;
}

static bool read_labels(Inputs *in, SfmTensorFile *file, const char *path,
                        const SfmUnetConfig *unet, GError **error)
{
    if (unet->class_embedding == SFM_CLASS_NONE)
        return !sfm_tensor_file_find(file, "class_labels") ||
               sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: has class_labels, and the model has no classes", path);
    const SfmTensorEntry *entry = need(file, path, "class_labels", error);
    if (!entry)
        return false;

    const bool identity = unet->class_embedding == SFM_CLASS_IDENTITY;
    g_autofree char *dims = dims_text(entry);
    in->label_width = sfm_network_label_width(unet);
    if (entry->rank != (identity ? 2 : 1) || entry->dim[0] != in->shape.dim[0] ||
        (identity && entry->dim[1] != in->label_width))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "%s: class_labels is %s, not %u for each of %u "
                        "images",
                        path, dims, in->label_width, in->shape.dim[0]);
    in->labels = read_floats(file, path, entry, !identity, error);
    return in->labels &&
           (unet->class_embedding != SFM_CLASS_TABLE || check_labels(in, path, unet, error));
}

static bool read_inputs(Inputs *in, const char *path, const SfmUnetConfig *unet, GError **error)
{
    g_autoptr(SfmTensorFile) file = sfm_tensor_file_open(path, error);

    return file && read_sample(in, file, path, unet, error) &&
           read_timestep(in, file, path, unet, error) && read_labels(in, file, path, unet, error);
}

// Image i of the inputs, on buffers of one image.
static bool predict_one(SfmEngine *engine, SfmNetwork *network, SfmNetworkIo *io, const Inputs *in,
                        uint32_t i, float *out, GError **error)
{
    const size_t each = sfm_shape_count(io->sample->shape);
    const SfmRunOptions options = { .cancel = &engine->cancel };

    return sfm_buffer_write(io->runner, io->sample, in->sample + i * each, error) &&
           sfm_buffer_write(io->runner, io->condition, in->timestep + i, error) &&
           (!io->labels || sfm_buffer_write(io->runner, io->labels,
                                            in->labels + (size_t)i * in->label_width, error)) &&
           sfm_network_io_run(io, network, &options, error) &&
           sfm_buffer_read(io->runner, io->out, out, error);
}

static float *predict_all(SfmEngine *engine, SfmNetwork *network, const Inputs *in,
                          const SfmUnetSize *size, GError **error)
{
    const SfmUnetConfig *unet = &sfm_network_model(network)->unet;
    const size_t each = (size_t)unet->out_channels * size->height * size->width;
    g_auto(SfmNetworkIo) io = { 0 };
    g_autofree float *out = g_try_new(float, each * in->shape.dim[0]);

    if (!out) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "output: no memory for %u images", in->shape.dim[0]);
        return NULL;
    }
    if (!sfm_network_io_init(&io, engine->runner, unet, size, error))
        return NULL;
    for (uint32_t i = 0; i < in->shape.dim[0]; i++) {
        if (!predict_one(engine, network, &io, in, i, out + i * each, error))
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
    const SfmUnetSize size = {
        .batch = 1, .height = in.shape.dim[2], .width = in.shape.dim[3], .patch = 1
    };
    if (!sfm_network_prepare(network, &size, &loading, error))
        return false;

    g_autofree float *data = predict_all(engine, network, &in, &size, error);
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
