// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/model.h"

#include <math.h>
#include <string.h>

#include "file/field.h"
#include "file/model_path.h"
#include "file/names.h"
#include "file/tensor_list.h"

// Pipelines that put a UNet2DModel's output on the screen as it is. Latent
// pipelines need an autoencoder, which we do not have.
static const SfmWord pipelines[] = {
    { "DDPMPipeline", SFM_PIPELINE_DDPM },
    { "DDIMPipeline", SFM_PIPELINE_DDIM },
    { "PNDMPipeline", SFM_PIPELINE_PNDM },
    { "ScoreSdeVePipeline", SFM_PIPELINE_SCORE_SDE_VE },
    { "KarrasVePipeline", SFM_PIPELINE_KARRAS_VE },
    { "ConsistencyModelPipeline", SFM_PIPELINE_CONSISTENCY },
    { "RePaintPipeline", SFM_PIPELINE_REPAINT },
    { NULL, 0 },
};

static const SfmWord networks[] = { { "UNet2DModel", 0 }, { NULL, 0 } };

void sfm_model_free(SfmModel *model)
{
    if (!model)
        return;
    sfm_scheduler_config_clear(&model->scheduler);
    sfm_card_clear(&model->card);
    g_clear_pointer(&model->names, g_hash_table_unref);
    sfm_tensor_file_close(model->weights);
    g_free(model->hash);
    g_free(model->name);
    g_free(model->path);
    g_free(model);
}

// model_index.json, where there is one, may refuse the whole.
static bool read_index(SfmModel *model, GError **error)
{
    g_autofree char *path = g_build_filename(model->path, "model_index.json", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    g_autoptr(json_t) root = sfm_json_read(path, error);
    if (!root)
        return false;

    const json_t *pipeline = json_object_get(root, "_class_name");
    const json_t *network = json_array_get(json_object_get(root, "unet"), 1);
    int word;
    if (!pipeline)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: _class_name: missing", path);
    if (!sfm_word_read(path, "_class_name", pipeline, pipelines, &word, error))
        return false;
    model->pipeline = (SfmPipeline)word;
    return (!network || sfm_word_read(path, "unet", network, networks, &word, error));
}

static bool read_unet(SfmModel *model, GError **error)
{
    g_autofree char *path = sfm_model_file(model->path, "unet", "config.json");
    return sfm_unet_config_read(path, &model->unet, error);
}

// These two pipelines make a scheduler of their own class from any file.
static bool read_scheduler(SfmModel *model, GError **error)
{
    const char *as = model->pipeline == SFM_PIPELINE_DDIM   ? "DDIMScheduler"
                     : model->pipeline == SFM_PIPELINE_PNDM ? "PNDMScheduler"
                                                            : NULL;
    g_autofree char *path = sfm_model_file(model->path, "scheduler", "scheduler_config.json");
    return sfm_scheduler_config_read_as(path, as, &model->scheduler, error);
}

static bool check_untrained(const char *path, const SfmCard *card, uint32_t num_classes,
                            GError **error)
{
    for (size_t i = 0; i < card->num_untrained; i++) {
        if (card->untrained[i] >= num_classes)
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: untrained_classes: %u where there are %u classes", path,
                            card->untrained[i], num_classes);
    }
    return true;
}

// What the card says of the network must be true of it.
static bool check_card(const char *path, const SfmCard *card, const SfmUnetConfig *unet,
                       GError **error)
{
    const uint32_t area = card->patch * card->patch;
    const guint num_classes = card->classes ? g_strv_length(card->classes) : 0;
    const uint32_t num_labels =
        unet->class_embedding == SFM_CLASS_TABLE ? unet->num_class_embeds : 0;

    if (unet->in_channels % area != 0 || unet->out_channels % area != 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: patch: %u squared does not divide the network's %u channels", path,
                        card->patch, unet->in_channels);
    if (num_classes > num_labels)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: classes: %u names where the network has %u classes", path, num_classes,
                        num_labels);
    if (card->null_class >= (int)num_labels)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: null_class: %d where the network has %u classes", path,
                        card->null_class, num_labels);
    return check_untrained(path, card, num_classes > 0 ? num_classes : num_labels, error);
}

static bool read_card(SfmModel *model, GError **error)
{
    g_autofree char *path = g_build_filename(model->path, "sfumato.json", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        sfm_card_default(&model->card);
        return true;
    }
    return sfm_card_read(path, &model->card, error) &&
           check_card(path, &model->card, &model->unet, error);
}

SfmModel *sfm_model_peek(const char *path, GError **error)
{
    g_autoptr(SfmModel) model = g_new0(SfmModel, 1);
    model->path = g_canonicalize_filename(path, NULL);
    model->name = g_path_get_basename(model->path);

    if (!read_index(model, error) || !read_unet(model, error) || !read_scheduler(model, error) ||
        !read_card(model, error))
        return NULL;
    return g_steal_pointer(&model);
}

static bool map_names(SfmModel *model, GError **error)
{
    model->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < sfm_tensor_file_num(model->weights); i++) {
        const SfmTensorEntry *entry = sfm_tensor_file_entry(model->weights, i);
        char *name = sfm_current_name(entry->name);
        if (!g_hash_table_insert(model->names, name, (void *)entry))
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: %s: the same weight stands there under another name",
                            model->weights->path, entry->name);
    }
    return true;
}

SfmModel *sfm_model_open(const char *data_dir, const char *name, GError **error)
{
    g_autofree char *path = sfm_model_locate(data_dir, name, error);
    g_autoptr(SfmModel) model = path ? sfm_model_peek(path, error) : NULL;
    if (!model)
        return NULL;

    g_autofree char *weights = sfm_model_weights(model->path, error);
    model->weights = weights ? sfm_tensor_file_open(weights, error) : NULL;
    if (!model->weights || !map_names(model, error))
        return NULL;
    return g_steal_pointer(&model);
}

static char *describe_dims(int rank, const uint64_t dim[])
{
    GString *text = g_string_new("[");
    for (int i = 0; i < rank; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", dim[i]);
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

// `rank` without trailing ones.
static int squeeze(int rank, const uint64_t dim[])
{
    while (rank > 0 && dim[rank - 1] == 1)
        rank--;
    return rank;
}

static bool same_dims(int rank_a, const uint64_t a[], int rank_b, const uint64_t b[])
{
    rank_a = squeeze(rank_a, a);
    rank_b = squeeze(rank_b, b);
    return rank_a == rank_b && memcmp(a, b, (size_t)rank_a * sizeof(a[0])) == 0;
}

// A vector of length C is [1, C, 1, 1] to us and [C] in the file.
static bool check_shape(const SfmModel *model, const SfmTensorEntry *entry, SfmShape shape,
                        GError **error)
{
    const uint64_t want[4] = { shape.dim[0], shape.dim[1], shape.dim[2], shape.dim[3] };
    const bool vector = want[0] == 1 && want[2] == 1 && want[3] == 1;

    if (same_dims(entry->rank, entry->dim, 4, want) ||
        (vector && same_dims(entry->rank, entry->dim, 1, want + 1)))
        return true;
    g_autofree char *got = describe_dims(entry->rank, entry->dim);
    g_autofree char *need =
        describe_dims(vector ? 1 : MAX(squeeze(4, want), 1), vector ? want + 1 : want);
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: shape %s where the network has %s",
                    model->weights->path, entry->name, got, need);
}

static bool check_numbers(const SfmModel *model, const SfmTensorEntry *entry, const float *numbers,
                          GError **error)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (!isfinite(numbers[i]))
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: number %zu is %s",
                            model->weights->path, entry->name, i,
                            isnan(numbers[i]) ? "not a number" : "infinite");
    }
    return true;
}

bool sfm_model_read_weight(SfmModel *model, const char *name, SfmShape shape, float *out,
                           GError **error)
{
    const SfmTensorEntry *entry = g_hash_table_lookup(model->names, name);
    if (!entry)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: missing", model->weights->path, name);
    return check_shape(model, entry, shape, error) &&
           sfm_tensor_file_read(model->weights, entry, out, error) &&
           check_numbers(model, entry, out, error);
}

bool sfm_model_check_leftovers(const SfmModel *model, GHashTable *expected, GError **error)
{
    for (size_t i = 0; i < sfm_tensor_file_num(model->weights); i++) {
        const SfmTensorEntry *entry = sfm_tensor_file_entry(model->weights, i);
        g_autofree char *name = sfm_current_name(entry->name);
        if (!g_hash_table_contains(expected, name))
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: %s: a weight that the network of config.json does not have",
                            model->weights->path, entry->name);
    }
    return true;
}

static bool hash_source(GChecksum *sum, SfmSource *source, SfmCancel *cancel, GError **error)
{
    const size_t chunk = 1024 * 1024;
    g_autofree uint8_t *bytes = g_malloc(chunk);

    for (uint64_t done = 0; done < source->size; done += chunk) {
        const size_t size = (size_t)MIN(chunk, source->size - done);
        if (!sfm_cancel_check(cancel, error) || !sfm_source_read(source, done, bytes, size, error))
            return false;
        g_checksum_update(sum, bytes, (gssize)size);
    }
    return true;
}

static bool hash_file(GChecksum *sum, const SfmModel *model, const char *folder, const char *name,
                      SfmCancel *cancel, GError **error)
{
    g_autofree char *path = sfm_model_file(model->path, folder, name);
    g_autoptr(SfmSource) source = sfm_source_open(path, error);

    return source && hash_source(sum, source, cancel, error);
}

static const char *pipeline_name(SfmPipeline pipeline)
{
    for (const SfmWord *word = pipelines; word->name; word++) {
        if (word->value == (int)pipeline)
            return word->name;
    }
    return "none";
}

// Of model_index.json and the card, what decides how the network is run and what the name
// of a class means. Their words for people are left out, and their defaults, which a
// recipe has written down.
static void hash_facts(GChecksum *sum, const SfmModel *model)
{
    const SfmCard *card = &model->card;
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "pipeline %s\npatch %u\nchannels %s\nnull_class %d\n",
                           pipeline_name(model->pipeline), card->patch, card->gray ? "gray" : "rgb",
                           card->null_class);
    for (char **name = card->classes; name && *name; name++)
        g_string_append_printf(text, "class %s\n", *name);
    for (size_t i = 0; i < card->num_untrained; i++)
        g_string_append_printf(text, "untrained %u\n", card->untrained[i]);
    g_checksum_update(sum, (const guchar *)text->str, (gssize)text->len);
}

const char *sfm_model_hash(SfmModel *model, SfmCancel *cancel, GError **error)
{
    g_return_val_if_fail(model->weights, NULL);
    if (model->hash)
        return model->hash;

    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (!hash_file(sum, model, "unet", "config.json", cancel, error) ||
        !hash_file(sum, model, "scheduler", "scheduler_config.json", cancel, error))
        return NULL;
    hash_facts(sum, model);
    for (guint i = 0; i < model->weights->sources->len; i++) {
        if (!hash_source(sum, model->weights->sources->pdata[i], cancel, error))
            return NULL;
    }
    model->hash = g_strdup(g_checksum_get_string(sum));
    return model->hash;
}
