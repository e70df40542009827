// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "terminal.h"

typedef struct {
    CommonOptions common;
    char *size;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void print_text(const char *what, const char *text)
{
    if (text)
        printf("%-14s %s\n", what, text);
}

static void print_classes(const SfmModelInfo *model)
{
    enum { CLASSES_SHOWN = 20 };

    if (model->num_classes == 0)
        return;
    printf("%-14s ", "classes");
    for (size_t i = 0; i < MIN(model->num_classes, CLASSES_SHOWN); i++)
        printf("%s%s", i > 0 ? ", " : "", model->classes[i]);
    if (model->num_classes > CLASSES_SHOWN)
        printf(" and %zu more", model->num_classes - CLASSES_SHOWN);
    printf("\n%-14s %s\n", "guidance", model->guidance ? "can be used" : "cannot be used");
}

// What the published scheduler is here, and the settings on lines of their own,
// as --set takes them.
static void print_scheduler(const SfmModelInfo *model)
{
    enum { WIDTH = 100, INDENT = 15 };
    int column = WIDTH;

    printf("%-14s %s%s%s", "scheduler", model->settings ? model->scheduler : "",
           model->settings ? ": " : "", model->counterpart);
    for (char **setting = model->settings; setting && *setting; setting++) {
        const int length = (int)strlen(*setting) + 1;
        if (column + length > WIDTH) {
            printf("\n%*s", INDENT - 1, "");
            column = INDENT - 1;
        }
        printf(" %s", *setting);
        column += length;
    }
    printf("\n");
}

static void print_model(const SfmModelInfo *model)
{
    print_text("model", model->name);
    print_text("title", model->title);
    print_text("description", model->description);
    print_text("licence", model->license ? model->license : "not said");
    print_text("attribution", model->attribution);
    print_text("folder", model->path);
    if (model->width > 0)
        printf("%-14s %dx%d, %s%s\n", "size", model->width, model->height,
               model->channels == 1 ? "gray" : "RGB", model->tileable ? ", made for seamless pictures" : "");
    print_classes(model);
    printf("%-14s schedule %s, sampler %s, %d steps, guidance %g\n", "recommended", model->schedule,
           model->sampler, model->steps, model->default_guidance);
    print_scheduler(model);
}

static void print_cost(const char *device, const SfmModelCost *cost)
{
    g_autofree char *weights = g_format_size_full(cost->weight_bytes, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *arena = g_format_size_full(cost->arena_bytes, G_FORMAT_SIZE_IEC_UNITS);

    print_text("device", device);
    printf("%-14s %.2f million\n", "parameters", (double)cost->parameters / 1e6);
    printf("%-14s %.3f GFLOP in %d kernels, each evaluation of one picture\n", "work",
           cost->flop / 1e9, cost->kernels);
    print_text("weights", weights);
    print_text("arena", arena);
}

// Without Vulkan the reference can still plan.
static SfmEngine *open_for_planning(CommonOptions *common, GError **error)
{
    g_autoptr(GError) why = NULL;
    SfmEngine *engine = open_engine(common, &why);

    if (engine || common->device || !g_error_matches(why, SFM_ERROR, SFM_ERROR_NO_DEVICE)) {
        if (!engine)
            g_propagate_error(error, g_steal_pointer(&why));
        return engine;
    }
    terminal_note("sfumato: %s; memory is that of the reference", why->message);
    common->device = g_strdup("reference");
    return open_engine(common, error);
}

static int print_all(Options *o, const char *name, int width, int height)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmModelInfo) model = sfm_find_model(o->common.data_dir, name, &error);
    SfmModelCost cost;

    if (!model)
        return fail(error);
    SfmEngine *engine = open_for_planning(&o->common, &error);
    if (!engine)
        return fail(error);
    const bool done = sfm_engine_model_cost(engine, name, width, height, &cost, &error);
    const int status = done ? STATUS_OK : fail(error);
    if (done) {
        print_model(model);
        print_cost(sfm_engine_device(engine), &cost);
    }
    close_engine(engine);
    return status;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    const GOptionEntry entries[] = {
        { "size", 0, 0, G_OPTION_ARG_STRING, &o.size,
          "What it costs at this size; the model's own unless given", "WIDTHxHEIGHT" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "MODEL",
        .summary = "Says what a model is, and what running it costs on a device.",
        .details = "Examples:\n"
                   "  sfumato info textures\n"
                   "  sfumato info --size 256x256 textures\n",
        .entries = entries,
        .min_arguments = 1,
        .max_arguments = 1,
    };
    int width = 0, height = 0;

    if (!parse(&usage, &o.common, &argc, &argv) || (o.size && !parse_size(o.size, &width, &height)))
        return STATUS_USAGE;
    return print_all(&o, argv[1], width, height);
}

const Command command_info = { "info", "say what a model is and what it costs", run };
