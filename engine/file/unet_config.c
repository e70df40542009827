// SPDX-License-Identifier: GPL-3.0-or-later
//
// config.json of a UNet2DModel. Beyond each key's own range, this refuses what
// no such network can be, so that nets/ need not ask: lists of different
// lengths, groups that do not divide channels, and the like.

#include <string.h>

#include "file/config.h"
#include "file/field.h"

#define MAX_CHANNELS 65536
#define MAX_SIDE     65536

static const SfmWord class_names[] = { { "UNet2DModel", 0 }, { NULL, 0 } };

static const SfmWord time_embeddings[] = {
    { "positional", SFM_TIME_POSITIONAL },
    { "fourier", SFM_TIME_FOURIER },
    { "learned", SFM_TIME_LEARNED },
    { NULL, 0 },
};

// "swish" is an old name of silu.
static const SfmWord activations[] = {
    { "silu", SFM_ACT_SILU }, { "relu", SFM_ACT_RELU },  { "gelu", SFM_ACT_GELU },
    { "mish", SFM_ACT_MISH }, { "swish", SFM_ACT_SILU }, { NULL, 0 },
};

static const SfmWord samplers[] = { { "conv", false }, { "resnet", true }, { NULL, 0 } };
static const SfmWord time_shifts[] = { { "default", false }, { "scale_shift", true }, { NULL, 0 } };
static const SfmWord mid_blocks[] = { { "UNetMidBlock2D", true }, { NULL, 0 } };

static const SfmWord class_embeddings[] = {
    { "timestep", SFM_CLASS_TIMESTEP },
    { "identity", SFM_CLASS_IDENTITY },
    { NULL, 0 },
};

static const SfmWord down_blocks[] = {
    { "DownBlock2D", SFM_BLOCK_PLAIN },
    { "AttnDownBlock2D", SFM_BLOCK_ATTN },
    { "ResnetDownsampleBlock2D", SFM_BLOCK_RESNET },
    { "SkipDownBlock2D", SFM_BLOCK_SKIP },
    { "AttnSkipDownBlock2D", SFM_BLOCK_ATTN_SKIP },
    { NULL, 0 },
};

static const SfmWord up_blocks[] = {
    { "UpBlock2D", SFM_BLOCK_PLAIN },
    { "AttnUpBlock2D", SFM_BLOCK_ATTN },
    { "ResnetUpsampleBlock2D", SFM_BLOCK_RESNET },
    { "SkipUpBlock2D", SFM_BLOCK_SKIP },
    { "AttnSkipUpBlock2D", SFM_BLOCK_ATTN_SKIP },
    { NULL, 0 },
};

// What has no member of its own type in SfmUnetConfig.
typedef struct {
    SfmUnetConfig unet; // first, so that the rows' offsets hold for both
    int class_name, scale_shift, down_resnet, up_resnet, mid_block;
} Draft;

#define OF(member)    offsetof(SfmUnetConfig, member)
#define DRAFT(member) offsetof(Draft, member)

// clang-format off
static const SfmField fields[] = {
    { "_class_name", SFM_FIELD_WORD, DRAFT(class_name), .words = class_names },
    { "in_channels", SFM_FIELD_UINT, OF(in_channels), .min = 1, .max = MAX_CHANNELS, .otherwise = 3 },
    { "out_channels", SFM_FIELD_UINT, OF(out_channels), .min = 1, .max = MAX_CHANNELS, .otherwise = 3 },
    { "layers_per_block", SFM_FIELD_UINT, OF(layers_per_block), .min = 1, .max = 64, .otherwise = 2 },
    { "center_input_sample", SFM_FIELD_BOOL, OF(center_input_sample), .otherwise = false },
    { "time_embedding_type", SFM_FIELD_WORD, OF(time_embedding), .words = time_embeddings },
    { "time_embedding_dim", SFM_FIELD_UINT, OF(time_embedding_dim), .min = 1, .max = MAX_CHANNELS, .nullable = true },
    { "freq_shift", SFM_FIELD_REAL, OF(freq_shift), .min = -1e6, .max = 1e6 },
    { "flip_sin_to_cos", SFM_FIELD_BOOL, OF(flip_sin_to_cos), .otherwise = true },
    { "mid_block_type", SFM_FIELD_WORD, DRAFT(mid_block), .otherwise = true, .nullable = true, .words = mid_blocks },
    { "mid_block_scale_factor", SFM_FIELD_REAL, OF(mid_block_scale_factor), .min = 1e-6, .max = 1e6, .otherwise = 1 },
    { "downsample_padding", SFM_FIELD_UINT, OF(downsample_padding), .min = 0, .max = 1, .otherwise = 1 },
    { "downsample_type", SFM_FIELD_WORD, DRAFT(down_resnet), .words = samplers },
    { "upsample_type", SFM_FIELD_WORD, DRAFT(up_resnet), .words = samplers },
    { "act_fn", SFM_FIELD_WORD, OF(act), .words = activations },
    { "attention_head_dim", SFM_FIELD_UINT, OF(attention_head_dim), .min = 1, .max = MAX_CHANNELS, .otherwise = 8, .nullable = true },
    { "norm_num_groups", SFM_FIELD_UINT, OF(norm_groups), .min = 1, .max = MAX_CHANNELS, .otherwise = 32, .nullable = true },
    { "attn_norm_num_groups", SFM_FIELD_UINT, OF(attn_norm_groups), .min = 1, .max = MAX_CHANNELS, .nullable = true },
    { "norm_eps", SFM_FIELD_REAL, OF(norm_eps), .min = 0, .max = 1, .otherwise = 1e-5 },
    { "resnet_time_scale_shift", SFM_FIELD_WORD, DRAFT(scale_shift), .words = time_shifts },
    { "add_attention", SFM_FIELD_BOOL, OF(add_attention), .otherwise = true },
    { "class_embed_type", SFM_FIELD_WORD, OF(class_embedding), .nullable = true, .words = class_embeddings },
    { "num_class_embeds", SFM_FIELD_UINT, OF(num_class_embeds), .min = 1, .max = 1 << 20, .nullable = true },
    { "num_train_timesteps", SFM_FIELD_UINT, OF(num_train_timesteps), .min = 1, .max = 1 << 20, .nullable = true },
};
// clang-format on

// Published before any key was left out.
static void set_default_blocks(SfmUnetConfig *unet)
{
    static const uint32_t channels[] = { 224, 448, 672, 896 };

    unet->num_blocks = G_N_ELEMENTS(channels);
    for (uint32_t i = 0; i < unet->num_blocks; i++) {
        unet->block_channels[i] = channels[i];
        unet->down_blocks[i] = i == 0 ? SFM_BLOCK_PLAIN : SFM_BLOCK_ATTN;
        unet->up_blocks[i] = i + 1 < unet->num_blocks ? SFM_BLOCK_ATTN : SFM_BLOCK_PLAIN;
    }
}

// A whole number for both sides, [height, width], or null.
static bool read_sample_size(const char *path, const json_t *root, SfmUnetConfig *unet,
                             GError **error)
{
    const char *key = "sample_size";
    const json_t *value = json_object_get(root, key);
    if (!value || json_is_null(value))
        return true;

    const bool pair = json_is_array(value) && json_array_size(value) == 2;
    const json_t *height = pair ? json_array_get(value, 0) : value;
    const json_t *width = pair ? json_array_get(value, 1) : value;
    return sfm_uint_read(path, key, height, 1, MAX_SIDE, &unet->sample_height, error) &&
           sfm_uint_read(path, key, width, 1, MAX_SIDE, &unet->sample_width, error);
}

// `*num`, which is 0 before the first of them, is the length that all lists
// share. An absent list is NULL in `*list`.
static bool find_list(const char *path, const json_t *root, const char *key, uint32_t *num,
                      const json_t **list, GError **error)
{
    *list = json_object_get(root, key);
    const size_t size = json_array_size(*list); // 0 for all but lists
    if (!*list)
        return true;
    if (size < 1 || size > SFM_MAX_BLOCKS)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: not a list of 1 to %d blocks", path,
                        key, SFM_MAX_BLOCKS);
    if (*num != 0 && *num != size)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: %s: %zu blocks where the other lists have %u", path, key, size, *num);
    *num = (uint32_t)size;
    return true;
}

static bool read_kinds(const char *path, const char *key, const json_t *list, const SfmWord *words,
                       SfmBlockKind *kinds, GError **error)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(item);
        g_autoptr(json_t) current = NULL;
        int kind;

        if (text && g_str_has_prefix(text, "UNetRes"))
            current = json_string(text + strlen("UNetRes"));
        if (!sfm_word_read(path, key, current ? current : item, words, &kind, error))
            return false;
        kinds[i] = (SfmBlockKind)kind;
    }
    return true;
}

static bool read_channels(const char *path, const char *key, const json_t *list, uint32_t *channels,
                          GError **error)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (!sfm_uint_read(path, key, item, 1, MAX_CHANNELS, &channels[i], error))
            return false;
    }
    return true;
}

static bool read_blocks(const char *path, const json_t *root, SfmUnetConfig *unet, GError **error)
{
    const json_t *down, *up, *channels;
    uint32_t num = 0;

    if (!find_list(path, root, "block_out_channels", &num, &channels, error) ||
        !find_list(path, root, "down_block_types", &num, &down, error) ||
        !find_list(path, root, "up_block_types", &num, &up, error))
        return false;
    if (num != 0 && num != unet->num_blocks && (!down || !up || !channels))
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: block_out_channels, down_block_types and up_block_types: one is "
                        "missing",
                        path);
    if (num != 0)
        unet->num_blocks = num;
    return read_kinds(path, "down_block_types", down, down_blocks, unet->down_blocks, error) &&
           read_kinds(path, "up_block_types", up, up_blocks, unet->up_blocks, error) &&
           read_channels(path, "block_out_channels", channels, unet->block_channels, error);
}

static bool is_skip(SfmBlockKind kind)
{
    return kind == SFM_BLOCK_SKIP || kind == SFM_BLOCK_ATTN_SKIP;
}

static bool has_attention(SfmBlockKind kind)
{
    return kind == SFM_BLOCK_ATTN || kind == SFM_BLOCK_ATTN_SKIP;
}

static bool check_groups(const char *path, const char *key, uint32_t groups, uint32_t channels,
                         GError **error)
{
    if (groups == 0 || channels % groups == 0)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: %u does not divide a block's %u channels",
                    path, key, groups, channels);
}

// The blocks at one level: the down block, and the up block with as many
// channels.
static bool check_level(const char *path, const SfmUnetConfig *unet, uint32_t i, GError **error)
{
    const uint32_t channels = unet->block_channels[i];
    const SfmBlockKind down = unet->down_blocks[i];
    const SfmBlockKind up = unet->up_blocks[unet->num_blocks - 1 - i];

    if (is_skip(down) != is_skip(up) || is_skip(down) != is_skip(unet->down_blocks[0]))
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s: up_block_types: Skip blocks together with others are not supported",
                        path);
    if (!is_skip(down) && unet->norm_groups == 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: norm_num_groups: null is for Skip blocks only", path);
    if (!is_skip(down) &&
        !check_groups(path, "norm_num_groups", unet->norm_groups, channels, error))
        return false;
    if ((has_attention(down) || has_attention(up)) && unet->attention_head_dim > channels)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: attention_head_dim: %u is more than a block's %u channels", path,
                        unet->attention_head_dim, channels);
    return true;
}

static bool check_middle(const char *path, const SfmUnetConfig *unet, GError **error)
{
    const uint32_t channels = unet->block_channels[unet->num_blocks - 1];

    if (!unet->mid_block)
        return true;
    if (!check_groups(path, "norm_num_groups", unet->norm_groups, channels, error))
        return false;
    if (!unet->add_attention)
        return true;
    if (unet->attention_head_dim > channels)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: attention_head_dim: %u is more than the middle block's %u channels",
                        path, unet->attention_head_dim, channels);
    return check_groups(path, "attn_norm_num_groups", unet->attn_norm_groups, channels, error);
}

// Time, class and picture, at the network's ends.
static bool check_ends(const char *path, const SfmUnetConfig *unet, GError **error)
{
    const uint32_t half = unet->block_channels[0] / 2;

    if (unet->time_embedding == SFM_TIME_POSITIONAL && unet->freq_shift >= half)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: freq_shift: %g is not below half the first block's channels, %u", path,
                        unet->freq_shift, half);
    if (unet->time_embedding == SFM_TIME_LEARNED && unet->num_train_timesteps == 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: num_train_timesteps: missing, which a learned time embedding needs",
                        path);
    if (is_skip(unet->down_blocks[0]) && (unet->in_channels != 3 || unet->out_channels != 3))
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s: in_channels, out_channels: Skip blocks work on 3 channels only", path);
    return check_groups(path, "norm_num_groups", unet->norm_groups, unet->block_channels[0], error);
}

bool sfm_unet_config_read(const char *path, SfmUnetConfig *config, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(path, error);
    if (!root)
        return false;

    Draft draft = { 0 };
    SfmUnetConfig *unet = &draft.unet;
    sfm_fields_default(fields, G_N_ELEMENTS(fields), &draft);
    set_default_blocks(unet);
    if (!sfm_fields_read(path, root, fields, G_N_ELEMENTS(fields), &draft, error) ||
        !read_sample_size(path, root, unet, error) || !read_blocks(path, root, unet, error))
        return false;

    unet->scale_shift = draft.scale_shift;
    unet->downsample_resnet = draft.down_resnet;
    unet->upsample_resnet = draft.up_resnet;
    unet->mid_block = draft.mid_block;
    if (unet->class_embedding == SFM_CLASS_NONE && unet->num_class_embeds > 0)
        unet->class_embedding = SFM_CLASS_TABLE;

    for (uint32_t i = 0; i < unet->num_blocks; i++) {
        if (!check_level(path, unet, i, error))
            return false;
    }
    if (!check_middle(path, unet, error) || !check_ends(path, unet, error))
        return false;
    *config = *unet;
    return true;
}
