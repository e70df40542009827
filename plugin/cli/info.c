// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "common/translation.h"
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

enum { NAMES_WIDTH = 14, WIDTH = 100 };

// A line "what   text"; none where there is no text.
static void print_text(const char *what, const char *text)
{
    g_autofree char *column = terminal_column(what, NAMES_WIDTH);
    if (text)
        printf("%s %s\n", column, text);
}

static void print_format(const char *what, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void print_format(const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    print_text(what, text);
}

static void print_classes(const SfmModelInfo *model)
{
    enum { CLASSES_SHOWN = 20 };

    if (model->num_classes == 0)
        return;
    g_autoptr(GString) names = g_string_new(NULL);
    for (size_t i = 0; i < MIN(model->num_classes, CLASSES_SHOWN); i++)
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", model->classes[i]);
    if (model->num_classes > CLASSES_SHOWN)
        // Translators: names of classes, and how many there are besides
        print_format(_("classes"), _("%s and %zu more"), names->str,
                     model->num_classes - CLASSES_SHOWN);
    else
        print_text(_("classes"), names->str);
    print_text(_("guidance"), model->guidance ? _("can be used") : _("cannot be used"));
}

// What the published scheduler is here, and the settings on lines of their own,
// as --set takes them.
static void print_scheduler(const SfmModelInfo *model)
{
    const int indent = NAMES_WIDTH;
    int column = WIDTH;
    if (!model->settings) {
        print_text(_("as published"), model->no_counterpart);
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    // Translators: the published scheduler's name, and what stands for it here
    g_string_printf(text, _("%s: schedule %s, sampler %s"), model->scheduler,
                    model->counterpart_schedule, model->counterpart_sampler);
    for (char **setting = model->settings; *setting; setting++) {
        const int length = (int)strlen(*setting) + 1;
        if (column + length > WIDTH) {
            g_string_append_printf(text, "\n%*s", indent, "");
            column = indent;
        }
        g_string_append_printf(text, " %s", *setting);
        column += length;
    }
    print_text(_("as published"), text->str);
}

static void print_size(const SfmModelInfo *model)
{
    const char *colours = model->channels == 1 ? _("gray") : _("RGB");

    if (model->width > 0 && model->tileable)
        // Translators: width, height, gray or RGB
        print_format(_("size"), _("%dx%d, %s, made for seamless pictures"), model->width,
                     model->height, colours);
    else if (model->width > 0)
        print_format(_("size"), "%dx%d, %s", model->width, model->height, colours);
}

static void print_model(const SfmModelInfo *model)
{
    print_text(_("model"), model->name);
    print_text(_("title"), model->title);
    print_text(_("description"), model->description);
    print_text(_("licence"), model->license ? model->license : _("not said"));
    print_text(_("attribution"), model->attribution);
    print_text(_("folder"), model->path);
    print_size(model);
    print_classes(model);
    print_format(_("by default"), _("schedule %s, sampler %s, %d steps, guidance %g"),
                 model->schedule, model->sampler, model->steps, model->default_guidance);
    print_scheduler(model);
}

static void print_cost(const char *device, const SfmModelCost *cost)
{
    g_autofree char *weights = g_format_size_full(cost->weight_bytes, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *arena = g_format_size_full(cost->arena_bytes, G_FORMAT_SIZE_IEC_UNITS);

    print_text(_("device"), device);
    print_format(_("parameters"), _("%.2f million"), (double)cost->parameters / 1e6);
    print_format(_("work"), _("%.3f GFLOP in %d kernels, each evaluation of one picture"),
                 cost->flop / 1e9, cost->kernels);
    print_text(_("weights"), weights);
    print_text(_("arena"), arena);
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
    terminal_note(_("sfumato: %s; memory is that of the reference"), why->message);
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
          N_("What it costs at this size; the model's own unless given"), "WIDTHxHEIGHT" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "MODEL",
        .summary = N_("Says what a model is, and what running it costs on a device."),
        .examples = "  sfumato info textures\n"
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

const Command command_info = { "info", N_("say what a model is and what it costs"), run };
