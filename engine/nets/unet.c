// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time and class become one vector; the image goes down the blocks, leaving a
// skip after every layer, through the middle, and up again, taking the skips from
// the end. NCSN++ ("skip") blocks carry a small image beside the features.
//
// The blocks of one kind are one row of a table: what differs between the kinds
// is said there and nowhere else.

#include "nets/unet.h"

#include "nets/layers.h"
#include "ops/affine.h"
#include "ops/depth_to_space.h"
#include "ops/space_to_depth.h"
#include "ops/time_sinusoidal.h"

#define IMAGE_CHANNELS 3 // of the image beside the features: NCSN++ knows no other

typedef enum { RESIZE_CONV, RESIZE_RESNET, RESIZE_BY_CONFIG, RESIZE_FIR } Resize;

typedef struct {
    bool attention; // after every resnet; going up a skip block, once at its end
    bool skip;      // NCSN++: FIR, the image beside, sums divided by sqrt(2)
    Resize resize;
} BlockKind;

static const BlockKind kinds[] = {
    [SFM_BLOCK_PLAIN] = { false, false, RESIZE_CONV },
    [SFM_BLOCK_ATTN] = { true, false, RESIZE_BY_CONFIG },
    [SFM_BLOCK_RESNET] = { false, false, RESIZE_RESNET },
    [SFM_BLOCK_SKIP] = { false, true, RESIZE_FIR },
    [SFM_BLOCK_ATTN_SKIP] = { true, true, RESIZE_FIR },
};

typedef struct {
    SfmGraph *graph;
    const SfmUnetConfig *config;
    SfmActivationKind act;
    SfmWrap wrap;
    SfmValue time;  // activated embedding of time and class
    GArray *skips;  // of SfmValue: the stack
    SfmValue image; // beside the features; 0: none yet
} Unet;

static SfmActivationKind activation(SfmActName name)
{
    static const SfmActivationKind of[] = {
        [SFM_ACT_SILU] = SFM_ACTIVATION_SILU,
        [SFM_ACT_RELU] = SFM_ACTIVATION_RELU,
        [SFM_ACT_GELU] = SFM_ACTIVATION_GELU,
        [SFM_ACT_MISH] = SFM_ACTIVATION_MISH,
    };
    return of[name];
}

static SfmValue activate(SfmGraph *graph, SfmValue x, SfmActivationKind kind)
{
    const SfmActivation attrs = { .kind = kind };
    return sfm_layer_map(graph, "activation", &attrs, x);
}

uint32_t sfm_unet_time_width(const SfmUnetConfig *config)
{
    return config->time_embedding_dim ? config->time_embedding_dim : 4 * config->block_channels[0];
}

uint32_t sfm_unet_multiple(const SfmUnetConfig *config, uint32_t patch)
{
    return patch << (config->num_blocks - 1);
}

// ---- time and class ---------------------------------------------------------

static SfmValue time_projection(const Unet *u, SfmValue t)
{
    const SfmUnetConfig *c = u->config;
    SfmGraph *g = u->graph;
    const uint32_t width = c->block_channels[0];

    switch (c->time_embedding) {
    case SFM_TIME_FOURIER: {
        const SfmValue w = sfm_graph_weight(g, "time_proj.weight", SFM_SHAPE(1, width, 1, 1));
        return sfm_layer_op(g, "time_fourier", NULL, 2, (const SfmValue[]){ t, w });
    }
    case SFM_TIME_LEARNED: {
        const SfmShape table = SFM_SHAPE(c->num_train_timesteps, width, 1, 1);
        const SfmValue w = sfm_graph_weight(g, "time_proj.weight", table);
        return sfm_layer_op(g, "embedding", NULL, 2, (const SfmValue[]){ t, w });
    }
    default: {
        const SfmTimeSinusoidal attrs = {
            .dim = width,
            .freq_shift = (float)c->freq_shift,
            .cos_first = c->flip_sin_to_cos,
        };
        return sfm_layer_map(g, "time_sinusoidal", &attrs, t);
    }
    }
}

// linear_1, SiLU, linear_2: SiLU whatever the config's act_fn is.
static SfmValue embedding_mlp(const Unet *u, const char *name, SfmValue x)
{
    g_autofree char *first = g_strdup_printf("%s.linear_1", name);
    g_autofree char *second = g_strdup_printf("%s.linear_2", name);
    const uint32_t width = sfm_unet_time_width(u->config);

    x = sfm_layer_linear(u->graph, first, x, width);
    x = activate(u->graph, x, SFM_ACTIVATION_SILU);
    return sfm_layer_linear(u->graph, second, x, width);
}

// 0 where the network has no classes.
static SfmValue class_embedding(const Unet *u, uint32_t batch)
{
    const SfmUnetConfig *c = u->config;
    const uint32_t width = sfm_unet_time_width(c);
    if (c->class_embedding == SFM_CLASS_NONE)
        return 0;

    const uint32_t label_width = c->class_embedding == SFM_CLASS_IDENTITY ? width : 1;
    const SfmValue labels =
        sfm_graph_input(u->graph, "class_labels", SFM_SHAPE(batch, label_width, 1, 1));
    if (c->class_embedding == SFM_CLASS_IDENTITY)
        return labels;
    if (c->class_embedding == SFM_CLASS_TIMESTEP)
        return embedding_mlp(u, "class_embedding", time_projection(u, labels));

    const SfmShape table = SFM_SHAPE(c->num_class_embeds, width, 1, 1);
    const SfmValue w = sfm_graph_weight(u->graph, "class_embedding.weight", table);
    return sfm_layer_op(u->graph, "embedding", NULL, 2, (const SfmValue[]){ labels, w });
}

static void embed_time(Unet *u, SfmValue timestep, uint32_t batch)
{
    const SfmValue projection = time_projection(u, timestep);
    SfmValue time = embedding_mlp(u, "time_embedding", projection);
    sfm_graph_name(u->graph, projection, "time_proj");
    sfm_graph_name(u->graph, time, "time_embedding");

    const SfmValue label = class_embedding(u, batch);
    if (label)
        time = sfm_layer_add(u->graph, time, label, 1);
    u->time = activate(u->graph, time, u->act); // once, for all resnets
}

// ---- blocks -----------------------------------------------------------------

static uint32_t channels_of(const Unet *u, SfmValue x)
{
    return sfm_graph_shape(u->graph, x).dim[1];
}

// Groups of NCSN++'s norms, which look at the channels alone.
static uint32_t skip_groups(uint32_t channels)
{
    return MIN(channels / 4, 32);
}

static uint32_t norm_groups(const Unet *u, bool skip, uint32_t channels)
{
    return skip || u->config->norm_groups == 0 ? skip_groups(channels) : u->config->norm_groups;
}

static double block_scale(bool skip)
{
    return skip ? 1 / G_SQRT2 : 1;
}

static SfmResnet resnet(const Unet *u, bool skip, uint32_t in_channels, uint32_t out_channels)
{
    return (SfmResnet){
        .out_channels = out_channels,
        .groups = norm_groups(u, skip, in_channels),
        .groups_out = norm_groups(u, skip, out_channels),
        .eps = u->config->norm_eps,
        .act = u->act,
        .time = u->time,
        .scale_shift = u->config->scale_shift,
        .scale = block_scale(skip),
        .wrap = u->wrap,
    };
}

static SfmValue add_resnet(const Unet *u, const char *block, uint32_t i, SfmValue x,
                           const SfmResnet *r)
{
    g_autofree char *name = g_strdup_printf("%s.resnets.%u", block, i);
    return sfm_layer_resnet(u->graph, name, x, r);
}

static SfmValue add_attention(const Unet *u, const char *block, uint32_t i, SfmValue x, bool skip)
{
    g_autofree char *name = g_strdup_printf("%s.attentions.%u", block, i);
    const SfmSelfAttention attention = {
        .head_dim = u->config->attention_head_dim,
        .groups = skip ? 32 : norm_groups(u, false, channels_of(u, x)),
        .eps = u->config->norm_eps,
        .scale = block_scale(skip),
    };
    return sfm_layer_attention(u->graph, name, x, &attention);
}

// A residual block that changes the size.
static SfmValue resize_resnet(const Unet *u, const char *block, const char *part, SfmValue x,
                              bool skip, SfmResample resample)
{
    g_autofree char *name = g_strdup_printf("%s.%s", block, part);
    const uint32_t channels = channels_of(u, x);
    SfmResnet r = resnet(u, skip, channels, channels);
    r.resample = resample;
    r.shortcut = skip;
    return sfm_layer_resnet(u->graph, name, x, &r);
}

static void push(Unet *u, SfmValue x)
{
    g_array_append_val(u->skips, x);
}

static SfmValue pop(Unet *u)
{
    g_assert(u->skips->len > 0);
    const SfmValue x = g_array_index(u->skips, SfmValue, u->skips->len - 1);
    g_array_set_size(u->skips, u->skips->len - 1);
    return x;
}

// The image beside the features, halved, joins them.
static SfmValue halve_with_image(Unet *u, const char *block, SfmValue h)
{
    g_autofree char *skip_conv = g_strdup_printf("%s.skip_conv", block);
    const uint32_t channels = channels_of(u, h);

    h = resize_resnet(u, block, "resnet_down", h, true, SFM_RESAMPLE_FIR_DOWN);
    u->image = sfm_layer_resample(u->graph, SFM_RESAMPLE_FIR_DOWN, u->image, u->wrap);
    const SfmValue seen =
        sfm_layer_conv(u->graph, skip_conv, u->image, channels, SFM_CONV_1X1, u->wrap);
    return sfm_layer_add(u->graph, seen, h, 1);
}

static SfmValue halve(Unet *u, const char *block, const BlockKind *kind, SfmValue h)
{
    g_autofree char *conv = g_strdup_printf("%s.downsamplers.0.conv", block);
    const bool by_resnet = kind->resize == RESIZE_RESNET ||
                           (kind->resize == RESIZE_BY_CONFIG && u->config->downsample_resnet);

    if (kind->skip)
        return halve_with_image(u, block, h);
    if (by_resnet)
        return resize_resnet(u, block, "downsamplers.0", h, false, SFM_RESAMPLE_POOL);
    return sfm_layer_conv(u->graph, conv, h, channels_of(u, h),
                          u->config->downsample_padding ? SFM_CONV_3X3_HALF : SFM_CONV_3X3_HALF_END,
                          u->wrap);
}

static SfmValue down_block(Unet *u, uint32_t i, SfmValue h)
{
    const SfmUnetConfig *c = u->config;
    const BlockKind *kind = &kinds[c->down_blocks[i]];
    g_autofree char *block = g_strdup_printf("down_blocks.%u", i);

    for (uint32_t layer = 0; layer < c->layers_per_block; layer++) {
        const SfmResnet r = resnet(u, kind->skip, channels_of(u, h), c->block_channels[i]);
        h = add_resnet(u, block, layer, h, &r);
        if (kind->attention)
            h = add_attention(u, block, layer, h, kind->skip);
        push(u, h);
    }
    if (i + 1 < c->num_blocks) {
        h = halve(u, block, kind, h);
        push(u, h);
    }
    sfm_graph_name(u->graph, h, block);
    return h;
}

static SfmValue mid_attention(const Unet *u, SfmValue h)
{
    const SfmUnetConfig *c = u->config;
    uint32_t groups = c->attn_norm_groups;
    if (groups == 0 && !c->scale_shift)
        groups = norm_groups(u, false, channels_of(u, h));

    const SfmSelfAttention attention = {
        .head_dim = c->attention_head_dim,
        .groups = groups, // networks that scale and shift have none here
        .eps = c->norm_eps,
        .scale = 1 / c->mid_block_scale_factor,
    };
    return sfm_layer_attention(u->graph, "mid_block.attentions.0", h, &attention);
}

static SfmValue mid_block(const Unet *u, SfmValue h)
{
    const uint32_t channels = channels_of(u, h);
    SfmResnet r = resnet(u, false, channels, channels);
    r.scale = 1 / u->config->mid_block_scale_factor;

    h = add_resnet(u, "mid_block", 0, h, &r);
    if (u->config->add_attention)
        h = mid_attention(u, h);
    h = add_resnet(u, "mid_block", 1, h, &r);
    sfm_graph_name(u->graph, h, "mid_block");
    return h;
}

// The image grows with the features, and takes what this block has to add.
static SfmValue grow_with_image(Unet *u, const char *block, SfmValue h)
{
    g_autofree char *norm = g_strdup_printf("%s.skip_norm", block);
    g_autofree char *conv = g_strdup_printf("%s.skip_conv", block);
    const uint32_t groups = skip_groups(channels_of(u, h));

    SfmValue seen =
        sfm_layer_norm(u->graph, norm, h, groups, u->config->norm_eps, SFM_ACTIVATION_SILU);
    seen = sfm_layer_conv(u->graph, conv, seen, IMAGE_CHANNELS, SFM_CONV_3X3, u->wrap);
    u->image = u->image ? sfm_layer_add(u->graph, u->image, seen, 1) : seen;
    return resize_resnet(u, block, "resnet_up", h, true, SFM_RESAMPLE_FIR_UP);
}

static SfmValue grow(Unet *u, const char *block, const BlockKind *kind, SfmValue h)
{
    g_autofree char *conv = g_strdup_printf("%s.upsamplers.0.conv", block);
    const bool by_resnet = kind->resize == RESIZE_RESNET ||
                           (kind->resize == RESIZE_BY_CONFIG && u->config->upsample_resnet);

    if (kind->skip)
        return grow_with_image(u, block, h);
    if (by_resnet)
        return resize_resnet(u, block, "upsamplers.0", h, false, SFM_RESAMPLE_NEAREST);
    h = sfm_layer_resample(u->graph, SFM_RESAMPLE_NEAREST, h, u->wrap);
    return sfm_layer_conv(u->graph, conv, h, channels_of(u, h), SFM_CONV_3X3, u->wrap);
}

// One resnet of an up block takes one skip: channels are [hidden, skip].
static SfmValue up_layer(Unet *u, const char *block, uint32_t layer, const BlockKind *kind,
                         SfmValue h, uint32_t out_channels)
{
    const SfmValue in[] = { h, pop(u) };
    const uint32_t hidden = channels_of(u, in[0]), skip = channels_of(u, in[1]);
    SfmResnet r = resnet(u, kind->skip, hidden + skip, out_channels);
    if (kind->skip && kind->attention)
        r.groups = MIN(hidden + skip / 4, 32); // as published: the sum is not divided

    h = sfm_layer_op(u->graph, "concat", NULL, 2, in);
    return add_resnet(u, block, layer, h, &r);
}

static SfmValue up_block(Unet *u, uint32_t i, SfmValue h)
{
    const SfmUnetConfig *c = u->config;
    const BlockKind *kind = &kinds[c->up_blocks[i]];
    const uint32_t out_channels = c->block_channels[c->num_blocks - 1 - i];
    g_autofree char *block = g_strdup_printf("up_blocks.%u", i);

    for (uint32_t layer = 0; layer < c->layers_per_block + 1; layer++) {
        h = up_layer(u, block, layer, kind, h, out_channels);
        if (kind->attention && !kind->skip)
            h = add_attention(u, block, layer, h, false);
    }
    if (kind->attention && kind->skip)
        h = add_attention(u, block, 0, h, true);
    if (kind->skip && u->image)
        u->image = sfm_layer_resample(u->graph, SFM_RESAMPLE_FIR_UP, u->image, u->wrap);
    if (i + 1 < c->num_blocks)
        h = grow(u, block, kind, h);
    sfm_graph_name(u->graph, h, block);
    return h;
}

// ---- the whole --------------------------------------------------------------

static SfmValue features(Unet *u, SfmValue x)
{
    const SfmUnetConfig *c = u->config;

    SfmValue h =
        sfm_layer_conv(u->graph, "conv_in", x, c->block_channels[0], SFM_CONV_3X3, u->wrap);
    sfm_graph_name(u->graph, h, "conv_in");
    u->image = x;
    push(u, h);
    for (uint32_t i = 0; i < c->num_blocks; i++)
        h = down_block(u, i, h);
    if (c->mid_block)
        h = mid_block(u, h);
    u->image = 0; // going up, it starts from nothing
    for (uint32_t i = 0; i < c->num_blocks; i++)
        h = up_block(u, i, h);
    return h;
}

static SfmValue network(Unet *u, SfmValue x, SfmValue timestep)
{
    const SfmUnetConfig *c = u->config;
    const uint32_t groups = norm_groups(u, false, c->block_channels[0]);

    if (c->center_input_sample) {
        const SfmAffine attrs = { .scale = 2, .offset = -1 };
        x = sfm_layer_map(u->graph, "affine", &attrs, x);
    }
    SfmValue h = features(u, x);
    h = sfm_layer_norm(u->graph, "conv_norm_out", h, groups, c->norm_eps, SFM_ACTIVATION_SILU);
    h = sfm_layer_conv(u->graph, "conv_out", h, c->out_channels, SFM_CONV_3X3, u->wrap);
    sfm_graph_name(u->graph, h, "conv_out");
    if (u->image)
        h = sfm_layer_add(u->graph, h, u->image, 1);
    if (c->time_embedding == SFM_TIME_FOURIER)
        h = sfm_layer_op(u->graph, "divide", NULL, 2, (const SfmValue[]){ h, timestep });
    return h;
}

static void build(Unet *u, const SfmUnetSize *size)
{
    const uint32_t area = size->patch * size->patch;
    const SfmShape shape =
        SFM_SHAPE(size->batch, u->config->in_channels / area, size->height, size->width);
    const SfmSpaceToDepth fold = { .factor = size->patch };
    const SfmDepthToSpace unfold = { .factor = size->patch };

    SfmValue x = sfm_graph_input(u->graph, "sample", shape);
    const SfmValue timestep =
        sfm_graph_input(u->graph, "timestep", SFM_SHAPE(size->batch, 1, 1, 1));
    if (size->patch > 1)
        x = sfm_layer_map(u->graph, "space_to_depth", &fold, x);
    embed_time(u, timestep, size->batch);
    x = network(u, x, timestep);
    if (size->patch > 1)
        x = sfm_layer_map(u->graph, "depth_to_space", &unfold, x);
    sfm_graph_output(u->graph, x);
}

static bool size_fits(const SfmUnetConfig *c, const SfmUnetSize *size, GError **error)
{
    const uint32_t multiple = sfm_unet_multiple(c, size->patch);
    const uint32_t area = size->patch * size->patch;

    if (size->batch == 0 || size->height == 0 || size->width == 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "size %u x %u x %u has a zero", size->batch,
                        size->width, size->height);
    if (size->height % multiple != 0 || size->width % multiple != 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "size %u x %u: both must be multiples of %u for this network", size->width,
                        size->height, multiple);
    if (c->in_channels % area != 0 || c->out_channels % area != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "patch %u does not divide %u channels into %u",
                        size->patch, c->in_channels, c->out_channels);
    return true;
}

SfmGraph *sfm_unet_build(const SfmUnetConfig *config, const SfmUnetSize *size, GError **error)
{
    if (!size_fits(config, size, error))
        return NULL;

    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(GArray) skips = g_array_new(false, false, sizeof(SfmValue));
    Unet u = { .graph = graph,
               .config = config,
               .skips = skips,
               .act = activation(config->act),
               .wrap = size->wrap };

    build(&u, size);
    if (!sfm_graph_check(graph, error))
        return NULL;
    return g_steal_pointer(&graph);
}
