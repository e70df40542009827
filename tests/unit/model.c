// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/model.h"

#include "scratch.h"
#include <math.h>

static const char *const published[] = {
    "01_cifar10_like", "02_celebahq_like_legacy", "03_class_conditional",
    "04_guided_like",  "05_rect_scale_shift",     "06_butterflies_like_sharded",
    "07_fp16_variant", "08_ncsnpp_like",          "09_options",
    "10_bin_pickle",
};

// As tests/fixtures/README.md counts them.
static const size_t num_parameters[] = {
    347443, 268287, 269809, 209830, 138411, 306835, 239395, 276993, 180640, 167923,
};

static char *fixture(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "fixtures", "models", name, NULL);
}

// The shape of a weight as a network would ask for it.
static SfmShape shape_of(const SfmTensorEntry *entry)
{
    SfmShape shape = SFM_SHAPE(1, 1, 1, 1);
    if (entry->rank == 1)
        return SFM_SHAPE(1, (uint32_t)entry->dim[0], 1, 1);
    for (int i = 0; i < entry->rank; i++)
        shape.dim[i] = (uint32_t)entry->dim[i];
    return shape;
}

// Reads every weight; the number of parameters.
static size_t read_all(SfmModel *model)
{
    GHashTableIter iter;
    gpointer name, value;
    size_t total = 0;

    g_hash_table_iter_init(&iter, model->names);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const SfmTensorEntry *entry = value;
        g_autoptr(GError) error = NULL;
        g_autofree float *data = g_new(float, entry->count);
        sfm_model_read_weight(model, name, shape_of(entry), data, &error);
        g_assert_no_error(error);
        total += entry->count;
    }
    return total;
}

static void reads_every_published_model(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = fixture(published[i]);
        g_autoptr(SfmModel) model = sfm_model_open(NULL, path, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(model->name, ==, published[i]);
        g_assert_cmpuint(read_all(model), ==, num_parameters[i]);
        g_assert_true(sfm_model_check_leftovers(model, model->names, NULL));
    }
}

// What models/ and its README.md say of the bundled ones.
static void reads_every_bundled_model(void)
{
    static const struct {
        const char *name;
        uint32_t channels, num_classes, width;
    } bundled[] = { { "digits", 4, 10, 24 }, { "photo", 12, 0, 64 }, { "textures", 12, 10, 64 } };

    for (size_t i = 0; i < G_N_ELEMENTS(bundled); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
        g_autoptr(SfmModel) model = sfm_model_open(data_dir, bundled[i].name, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(model->name, ==, bundled[i].name);
        g_assert_cmpuint(model->unet.in_channels, ==, bundled[i].channels);
        g_assert_cmpuint(model->card.width, ==, bundled[i].width);
        g_assert_cmpuint(model->card.patch, ==, 2);
        g_assert_cmpuint(model->card.steps, ==, 30);
        g_assert_cmpint(model->card.null_class, ==, bundled[i].num_classes ? 10 : -1);
        g_assert_cmpuint(model->card.classes ? g_strv_length(model->card.classes) : 0, ==,
                         bundled[i].num_classes);
        g_assert_cmpint(model->scheduler.prediction, ==, SFM_PREDICT_V);
        g_assert_cmpuint(read_all(model), >, 900000);
    }
}

// Weights of one parameter each: conv_in.bias, of which the first is `value`.
static char *save_weights(const char *path, const char *name, float value)
{
    const float data[] = { value, 2, 3, 4 };
    const SfmTensorOut tensor = { .name = name, .rank = 1, .dim = { 4 }, .data = data };
    g_autofree char *marker = scratch_text(path, ""); // makes the folders
    g_autoptr(GError) error = NULL;
    sfm_safetensors_write(marker, &tensor, 1, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&marker);
}

static void save_text(const char *path, const char *text)
{
    g_free(scratch_text(path, text));
}

#define DDPM_INDEX     "{\"_class_name\":\"DDPMPipeline\"}"
#define DDPM_SCHEDULER "{\"_class_name\":\"DDPMScheduler\"}"
#define SMALL_NET                                                          \
    "{\"block_out_channels\":[32],\"down_block_types\":[\"DownBlock2D\"]," \
    "\"up_block_types\":[\"UpBlock2D\"],\"num_class_embeds\":3}"

// A folder `name` in today's layout, without weights.
static char *make_model(const char *name)
{
    g_autofree char *index = g_strconcat(name, "/model_index.json", NULL);
    g_autofree char *unet = g_strconcat(name, "/unet/config.json", NULL);
    g_autofree char *scheduler = g_strconcat(name, "/scheduler/scheduler_config.json", NULL);
    save_text(index, DDPM_INDEX);
    save_text(unet, SMALL_NET);
    save_text(scheduler, DDPM_SCHEDULER);
    return g_build_filename(scratch, name, NULL);
}

// diffusers' DDIMPipeline makes a DDIMScheduler from whatever file there is.
static void a_pipeline_may_bring_its_own_scheduler(void)
{
    g_autofree char *path = make_model("own-scheduler");
    g_autoptr(SfmModel) ddpm = sfm_model_peek(path, NULL);
    g_assert_cmpint(ddpm->pipeline, ==, SFM_PIPELINE_DDPM);
    g_assert_cmpstr(ddpm->scheduler.class_name, ==, "DDPMScheduler");

    save_text("own-scheduler/model_index.json", "{\"_class_name\":\"DDIMPipeline\"}");
    g_autoptr(SfmModel) ddim = sfm_model_peek(path, NULL);
    g_assert_cmpstr(ddim->scheduler.class_name, ==, "DDIMScheduler");
    save_text("own-scheduler/model_index.json", "{\"_class_name\":\"PNDMPipeline\"}");
    g_autoptr(SfmModel) pndm = sfm_model_peek(path, NULL);
    g_assert_cmpstr(pndm->scheduler.class_name, ==, "PNDMScheduler");
    g_assert_false(pndm->scheduler.clip_sample || pndm->scheduler.set_alpha_to_one);
}

static SfmModel *open_good(const char *path)
{
    g_autoptr(GError) error = NULL;
    SfmModel *model = sfm_model_open(NULL, path, &error);
    g_assert_no_error(error);
    return model;
}

static void assert_bad_model(const char *path, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_model_open(NULL, path, &error));
    assert_refused(&error, code, part);
}

static float first_of(SfmModel *model, const char *name)
{
    g_autoptr(GError) error = NULL;
    float data[4] = { 0 };
    sfm_model_read_weight(model, name, SFM_SHAPE(1, 4, 1, 1), data, &error);
    g_assert_no_error(error);
    return data[0];
}

static void full_precision_comes_before_half(void)
{
    g_autofree char *path = make_model("choice");
    g_free(
        save_weights("choice/unet/diffusion_pytorch_model.fp16.safetensors", "conv_in.bias", 16));
    g_autoptr(SfmModel) half = open_good(path);
    g_assert_cmpfloat(first_of(half, "conv_in.bias"), ==, 16);

    g_free(save_weights("choice/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 32));
    g_autoptr(SfmModel) full = open_good(path);
    g_assert_cmpfloat(first_of(full, "conv_in.bias"), ==, 32);
}

static void a_components_own_folder_wins_over_the_root(void)
{
    g_autofree char *path = make_model("both");
    save_text("both/config.json", "{\"act_fn\":\"foo\"}");
    save_text("both/scheduler_config.json", "{\"_class_name\":\"FooScheduler\"}");
    g_free(save_weights("both/diffusion_pytorch_model.safetensors", "conv_in.bias", 1));
    g_free(save_weights("both/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 2));
    g_autoptr(SfmModel) model = open_good(path);
    g_assert_cmpfloat(first_of(model, "conv_in.bias"), ==, 2);
}

static void old_names_are_found_under_todays(void)
{
    static const char *const names[][2] = {
        { "mid_block.attentions.0.query.weight", "mid_block.attentions.0.to_q.weight" },
        { "mid_block.attentions.0.key.bias", "mid_block.attentions.0.to_k.bias" },
        { "mid_block.attentions.0.value.bias", "mid_block.attentions.0.to_v.bias" },
        { "mid_block.attentions.0.proj_attn.bias", "mid_block.attentions.0.to_out.0.bias" },
        { "down_blocks.0.downsamplers.0.op.bias", "down_blocks.0.downsamplers.0.conv.bias" },
        { "up_blocks.0.upsamplers.0.Conv2d_0.bias", "up_blocks.0.upsamplers.0.conv.bias" },
        { "time_proj.W", "time_proj.weight" },
        { "query.value.key", "query.value.key" },
    };
    g_autofree char *path = make_model("old");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_free(save_weights("old/unet/diffusion_pytorch_model.safetensors", names[i][0], 5));
        g_autoptr(SfmModel) model = open_good(path);
        g_assert_cmpfloat(first_of(model, names[i][1]), ==, 5);
    }
}

static void one_weight_under_two_names_is_refused(void)
{
    const float data[] = { 1 };
    const SfmTensorOut tensors[] = {
        { .name = "attentions.0.query.bias", .rank = 1, .dim = { 1 }, .data = data },
        { .name = "attentions.0.to_q.bias", .rank = 1, .dim = { 1 }, .data = data },
    };
    g_autofree char *path = make_model("twice");
    g_autofree char *weights =
        g_build_filename(path, "unet", "diffusion_pytorch_model.safetensors", NULL);
    g_assert_true(sfm_safetensors_write(weights, tensors, 2, NULL));
    assert_bad_model(path, SFM_ERROR_BAD_FILE,
                     "attentions.0.to_q.bias: the same weight stands there under another name");
}

static void pipelines_that_need_more_than_the_network_are_refused(void)
{
    g_autofree char *path = make_model("latent");
    save_text("latent/model_index.json", "{\"_class_name\":\"StableDiffusionPipeline\"}");
    assert_bad_model(path, SFM_ERROR_UNSUPPORTED,
                     "latent/model_index.json: _class_name: 'StableDiffusionPipeline' is not "
                     "supported; DDPMPipeline, ");
    save_text("latent/model_index.json", "{\"_class_name\":\"LDMPipeline\"}");
    assert_bad_model(path, SFM_ERROR_UNSUPPORTED, "_class_name: 'LDMPipeline'");
    save_text("latent/model_index.json", "{\"_class_name\":\"DDPMPipeline\","
                                         "\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
    assert_bad_model(path, SFM_ERROR_UNSUPPORTED, "unet: 'UNet2DConditionModel' is not supported");
    save_text("latent/model_index.json", "{}");
    assert_bad_model(path, SFM_ERROR_BAD_FILE, "_class_name: missing");
    save_text("latent/model_index.json", "{");
    assert_bad_model(path, SFM_ERROR_BAD_FILE, "latent/model_index.json: line 1: not JSON");
}

static void a_folder_with_something_missing_says_what(void)
{
    g_autofree char *path = make_model("bare");
    assert_bad_model(path, SFM_ERROR_NOT_FOUND,
                     "bare/unet/diffusion_pytorch_model.safetensors: not there, nor ");
    save_text("bare/unet/diffusion_pytorch_model.safetensors", "");
    assert_bad_model(path, SFM_ERROR_BAD_FILE, "safetensors: the file is empty");

    g_autofree char *scheduler = g_build_filename(path, "scheduler", "scheduler_config.json", NULL);
    g_assert_cmpint(g_remove(scheduler), ==, 0);
    assert_bad_model(path, SFM_ERROR_NOT_FOUND, "bare/scheduler/scheduler_config.json: ");
    g_autofree char *unet = g_build_filename(path, "unet", "config.json", NULL);
    g_assert_cmpint(g_remove(unet), ==, 0);
    assert_bad_model(path, SFM_ERROR_NOT_FOUND, "bare/unet/config.json: ");
}

static void a_card_must_fit_its_network(void)
{
    static const struct {
        const char *card, *part;
    } cases[] = {
        { "{\"patch\":2}", "sfumato.json: patch: 2 squared does not divide the network's 3" },
        { "{\"null_class\":3}", "null_class: 3 where the network has 3 classes" },
        { "{\"untrained_classes\":[1,3]}", "untrained_classes: 3 where there are 3 classes" },
        { "{\"classes\":[\"a\",\"b\"],\"untrained_classes\":[2]}",
          "untrained_classes: 2 where there are 2 classes" },
        { "{\"classes\":[\"a\",\"b\",\"c\",\"d\"]}", "classes: 4 names where the network has 3" },
    };
    g_autofree char *path = make_model("card");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        save_text("card/sfumato.json", cases[i].card);
        assert_bad_model(path, SFM_ERROR_BAD_FILE, cases[i].part);
    }
}

static void weights_that_do_not_fit_are_refused(void)
{
    const struct {
        float value;
        const char *name;
        SfmShape shape;
        const char *part;
    } cases[] = {
        { 1, "conv_in.weight", SFM_SHAPE(1, 4, 1, 1), "conv_in.weight: missing" },
        { 1, "conv_in.bias", SFM_SHAPE(1, 5, 1, 1), "shape [4] where the network has [5]" },
        { 1, "conv_in.bias", SFM_SHAPE(2, 2, 1, 1), "shape [4] where the network has [2, 2]" },
        { 1, "conv_in.bias", SFM_SHAPE(1, 4, 3, 3), "where the network has [1, 4, 3, 3]" },
        { NAN, "conv_in.bias", SFM_SHAPE(1, 4, 1, 1), "conv_in.bias: number 0 is not a number" },
        { -INFINITY, "conv_in.bias", SFM_SHAPE(1, 4, 1, 1), "conv_in.bias: number 0 is infinite" },
    };
    g_autofree char *path = make_model("misfit");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_free(save_weights("misfit/unet/diffusion_pytorch_model.safetensors", "conv_in.bias",
                            cases[i].value));
        g_autoptr(SfmModel) model = open_good(path);
        g_autoptr(GError) error = NULL;
        float data[36];
        g_assert_false(sfm_model_read_weight(model, cases[i].name, cases[i].shape, data, &error));
        assert_refused(&error, SFM_ERROR_BAD_FILE, cases[i].part);
    }
}

static void trailing_ones_are_forgiven(void)
{
    const float data[] = { 1, 2, 3, 4, 5, 6 };
    const SfmTensorOut tensors[] = {
        { .name = "a", .rank = 4, .dim = { 3, 2, 1, 1 }, .data = data },
        { .name = "b", .rank = 2, .dim = { 3, 2 }, .data = data },
        { .name = "c", .rank = 2, .dim = { 1, 6 }, .data = data },
    };
    g_autofree char *path = make_model("ones");
    g_autofree char *weights =
        g_build_filename(path, "unet", "diffusion_pytorch_model.safetensors", NULL);
    float got[6];

    g_assert_true(sfm_safetensors_write(weights, tensors, 3, NULL));
    g_autoptr(SfmModel) model = open_good(path);
    g_assert_true(sfm_model_read_weight(model, "a", SFM_SHAPE(3, 2, 1, 1), got, NULL));
    g_assert_true(sfm_model_read_weight(model, "b", SFM_SHAPE(3, 2, 1, 1), got, NULL));
    g_assert_true(sfm_model_read_weight(model, "c", SFM_SHAPE(1, 6, 1, 1), got, NULL));
    g_assert_false(sfm_model_read_weight(model, "a", SFM_SHAPE(2, 3, 1, 1), got, NULL));
}

static void a_weight_too_many_is_named(void)
{
    g_autofree char *path = make_model("more");
    g_free(save_weights("more/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 1));
    g_autoptr(SfmModel) model = open_good(path);
    g_autoptr(GHashTable) expected = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_model_check_leftovers(model, expected, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "conv_in.bias: a weight that the network");
    g_hash_table_add(expected, "conv_in.bias");
    g_assert_true(sfm_model_check_leftovers(model, expected, NULL));
}

// A card whose texts are for people alone, and a change of it that decides pixels.
static void the_hash_covers_what_the_card_says_of_the_network(void)
{
    static const char *const cards[] = {
        "{\"null_class\":-1}",
        "{\"title\":\"A\",\"license\":\"B\",\"steps\":7,\"guidance\":2,\"sampler\":\"ddim\"}",
        "{\"channels\":\"gray\"}",
    };
    g_autofree char *path = make_model("card-hash");
    char *hashes[G_N_ELEMENTS(cards)];

    g_free(save_weights("card-hash/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 1));
    for (size_t i = 0; i < G_N_ELEMENTS(cards); i++) {
        save_text("card-hash/sfumato.json", cards[i]);
        g_autoptr(SfmModel) model = open_good(path);
        hashes[i] = g_strdup(sfm_model_hash(model, NULL, NULL));
    }
    g_assert_cmpstr(hashes[0], ==, hashes[1]);
    g_assert_cmpstr(hashes[0], !=, hashes[2]);
    for (size_t i = 0; i < G_N_ELEMENTS(cards); i++)
        g_free(hashes[i]);
}

static void the_hash_covers_the_scheduler_and_the_pipeline(void)
{
    g_autofree char *path = make_model("scheduler-hash");
    g_free(
        save_weights("scheduler-hash/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 1));
    g_autoptr(SfmModel) before = open_good(path);
    save_text("scheduler-hash/model_index.json", "{\"_class_name\":\"DDIMPipeline\"}");
    g_autoptr(SfmModel) pipeline = open_good(path);
    save_text("scheduler-hash/scheduler/scheduler_config.json",
              "{\"_class_name\":\"DDPMScheduler\",\"beta_end\":0.03}");
    g_autoptr(SfmModel) scheduler = open_good(path);

    g_autofree char *first = g_strdup(sfm_model_hash(pipeline, NULL, NULL));
    g_assert_cmpstr(first, ==, sfm_model_hash(scheduler, NULL, NULL)); // the file of now
    g_assert_cmpstr(first, !=, sfm_model_hash(before, NULL, NULL));    // another pipeline
    save_text("scheduler-hash/scheduler/scheduler_config.json", DDPM_SCHEDULER);
    g_autoptr(SfmModel) again = open_good(path);
    g_assert_cmpstr(first, !=, sfm_model_hash(again, NULL, NULL)); // another scheduler
}

// The hash is SHA-256 of both configs, the card's facts, and the weights' file, one behind the
// other.
static void the_hash_covers_configs_and_weights(void)
{
    static const char facts[] = "pipeline DDPMPipeline\npatch 1\nchannels rgb\nnull_class -1\n";
    g_autofree char *path = make_model("hash");
    g_autofree char *weights =
        save_weights("hash/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 1);
    g_autoptr(SfmModel) model = open_good(path);
    g_autoptr(GChecksum) want = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *bytes = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(weights, &bytes, &size, NULL));
    g_checksum_update(want, (const guchar *)SMALL_NET, strlen(SMALL_NET));
    g_checksum_update(want, (const guchar *)DDPM_SCHEDULER, strlen(DDPM_SCHEDULER));
    g_checksum_update(want, (const guchar *)facts, strlen(facts));
    g_checksum_update(want, (const guchar *)bytes, (gssize)size);
    SfmCancel cancel = { .raised = true };
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_model_hash(model, &cancel, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpstr(sfm_model_hash(model, NULL, NULL), ==, g_checksum_get_string(want));

    g_free(save_weights("hash/unet/diffusion_pytorch_model.safetensors", "conv_in.bias", 2));
    g_autoptr(SfmModel) other = open_good(path);
    g_assert_cmpstr(sfm_model_hash(other, NULL, NULL), !=, sfm_model_hash(model, NULL, NULL));
}

static void find_all(const char *names, const char *first_path, const char *second_path)
{
    g_autofree char *data_dir = g_build_filename(scratch, "data", NULL);
    g_autoptr(GPtrArray) paths = sfm_model_find_all(data_dir);
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name = g_path_get_basename(paths->pdata[i]);
        g_string_append_printf(got, "%s ", name);
    }
    g_assert_cmpstr(got->str, ==, names);
    g_assert_cmpstr(paths->pdata[0], ==, first_path);
    g_assert_cmpstr(paths->pdata[1], ==, second_path);
}

static void the_first_model_of_a_name_on_the_search_path_counts(void)
{
    g_autofree char *own = make_model("own/apple");
    g_autofree char *bundled = make_model("data/models/apple");
    g_free(make_model("data/models/pear"));
    g_autofree char *downloaded = make_model("xdg/sfumato/models/pear");
    save_text("data/models/README.md", "not a folder");
    save_text("data/models/notes/a.txt", "not a model");
    g_autofree char *folder = g_build_filename(scratch, "own", NULL);
    g_autofree char *variable = g_strconcat("/nonexistent::", folder, NULL);

    g_setenv("SFUMATO_MODELS", variable, TRUE);
    find_all("apple pear ", own, downloaded);
    g_unsetenv("SFUMATO_MODELS");
    find_all("apple pear ", bundled, downloaded);
}

static void a_name_that_is_nowhere_says_where_it_looked(void)
{
    g_autoptr(GError) error = NULL;

    g_setenv("SFUMATO_MODELS", "/some/where", TRUE);
    g_assert_null(sfm_model_open("/data", "nowhere", &error));
    g_unsetenv("SFUMATO_MODELS");
    g_assert_nonnull(strstr(error->message, "nowhere: no model of that name in /some/where, "));
    assert_refused(&error, SFM_ERROR_NOT_FOUND, ", /data/models");
    assert_bad_model("./nowhere", SFM_ERROR_NOT_FOUND, "./nowhere: not a model's folder");
    assert_bad_model("", SFM_ERROR_NOT_FOUND, "not a model's folder");
    assert_bad_model("..", SFM_ERROR_NOT_FOUND, "..: not a model's folder");
}

static void the_data_folder_can_be_chosen(void)
{
    g_assert_cmpstr(sfm_data_dir("/mine"), ==, "/mine");
    g_setenv("SFUMATO_DATA", "/theirs", TRUE);
    g_assert_cmpstr(sfm_data_dir(NULL), ==, "/theirs");
    g_assert_cmpstr(sfm_data_dir("/mine"), ==, "/mine");
    g_unsetenv("SFUMATO_DATA");
    g_assert_true(g_str_has_suffix(sfm_data_dir(NULL), "/sfumato"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    g_autofree char *xdg = g_build_filename(scratch, "xdg", NULL);
    g_setenv("XDG_DATA_HOME", xdg, TRUE); // before GLib looks
    g_unsetenv("SFUMATO_MODELS");
    g_unsetenv("SFUMATO_DATA");
#define TEST(name) g_test_add_func("/file/model/" #name, name)
    TEST(reads_every_published_model);
    TEST(a_pipeline_may_bring_its_own_scheduler);
    TEST(reads_every_bundled_model);
    TEST(full_precision_comes_before_half);
    TEST(a_components_own_folder_wins_over_the_root);
    TEST(old_names_are_found_under_todays);
    TEST(one_weight_under_two_names_is_refused);
    TEST(pipelines_that_need_more_than_the_network_are_refused);
    TEST(a_folder_with_something_missing_says_what);
    TEST(a_card_must_fit_its_network);
    TEST(weights_that_do_not_fit_are_refused);
    TEST(trailing_ones_are_forgiven);
    TEST(a_weight_too_many_is_named);
    TEST(the_hash_covers_configs_and_weights);
    TEST(the_hash_covers_what_the_card_says_of_the_network);
    TEST(the_hash_covers_the_scheduler_and_the_pipeline);
    TEST(the_first_model_of_a_name_on_the_search_path_counts);
    TEST(a_name_that_is_nowhere_says_where_it_looked);
    TEST(the_data_folder_can_be_chosen);
    const int result = g_test_run();
    scratch_close();
    return result;
}
