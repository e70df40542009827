// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "command.h"
#include "common/translation.h"
#include "terminal.h"
#include "tuning.h"

enum { MOST_BATCH = 1024, MOST_ROUNDS = 1000 };

typedef struct {
    CommonOptions common;
    char *size;
    char **models; // NULL-terminated
    int batch, rounds, width, height;
    gboolean json, forget;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->size);
    g_strfreev(o->models);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool check(Options *o)
{
    if (o->forget && o->models[0])
        return refuse(_("\"%s\" is one argument too many"), o->models[0]);
    if (o->size && !parse_size(o->size, &o->width, &o->height))
        return false;
    if (o->batch < 1 || o->batch > MOST_BATCH)
        return refuse(_("%s: %d is not in 1 .. %d"), "batch", o->batch, MOST_BATCH);
    return (o->rounds >= 1 && o->rounds <= MOST_ROUNDS) ||
           refuse(_("%s: %d is not in 1 .. %d"), "rounds", o->rounds, MOST_ROUNDS);
}

static bool parse_options(Options *o, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "size", 0, 0, G_OPTION_ARG_STRING, &o->size, N_("The model's own unless given"),
          "WIDTHxHEIGHT" },
        { "batch", 0, 0, G_OPTION_ARG_INT, &o->batch, N_("Pictures at once (1)"), "N" },
        { "rounds", 0, 0, G_OPTION_ARG_INT, &o->rounds,
          N_("How often all kernels are timed, in turn (12)"), "N" },
        { "forget", 0, 0, G_OPTION_ARG_NONE, &o->forget,
          N_("Forget what was found out about this device"), NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &o->json, N_("Print JSON, for programs"), NULL },
        { 0 },
    };
    const Usage usage = {
        .arguments = "[MODEL...]",
        .summary = N_("Measures which kernels are the fastest on this device, and uses them from "
                      "then on."),
        .details = N_(
            "MODEL is as for \"sfumato bench\"; unless given, all models that there are. Kernels "
            "are\n"
            "chosen for the calls of a network at one size: tune at the size that you use. One "
            "that\n"
            "gains less than five per cent is not chosen. \"speed\" compares with the usual "
            "kernel, and\n"
            "\"*\" marks what runs from now on.\n"
            "\n"
            "What was found lies in ~/.cache/sfumato (XDG_CACHE_HOME moves it), for this device, "
            "driver\n"
            "and version. Pictures may differ in their last bits from those made before. A recipe "
            "knows\n"
            "the kernels that ran, and \"sfumato replay\" uses those.\n"),
        .examples = "  sfumato tune\n"
                    "  sfumato tune --size 256x256 textures\n"
                    "  sfumato tune --forget\n",
        .entries = entries,
        .max_arguments = G_MAXINT / 2,
    };

    if (!parse(&usage, &o->common, &argc, &argv))
        return false;
    o->models = g_strdupv(argv + 1);
    return check(o);
}

// Those that are whole, if none was named.
static bool find_models(Options *o, GError **error)
{
    if (o->models[0])
        return true;
    g_autoptr(GPtrArray) all = sfm_list_models(o->common.data_dir, error);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (!all)
        return false;
    for (guint i = 0; i < all->len; i++) {
        const SfmModelInfo *info = all->pdata[i];
        if (!info->broken)
            g_strv_builder_add(names, info->name);
    }
    g_strfreev(o->models);
    o->models = g_strv_builder_end(names);
    return true;
}

static bool tune_one(const Options *o, SfmEngine *engine, Tuned *tuned, GError **error)
{
    const SfmTuneParams params = {
        .model = tuned->model,
        .width = o->width,
        .height = o->height,
        .batch = o->batch,
        .rounds = o->rounds,
        .progress = terminal_progress,
    };

    terminal_note("%s:", tuned->model);
    const bool done = sfm_engine_tune(engine, &params, &tuned->tune, error);
    terminal_progress_end();
    if (done && !o->json)
        tuning_print(tuned);
    return done;
}

static bool tune_all(Options *o, SfmEngine *engine, GError **error)
{
    if (!find_models(o, error))
        return false;
    const size_t num = g_strv_length(o->models);
    g_autofree Tuned *tuned = g_new0(Tuned, num + 1);
    bool done = true;

    for (size_t i = 0; done && i < num; i++) {
        tuned[i].model = o->models[i];
        done = tune_one(o, engine, &tuned[i], error);
    }
    if (done && o->json)
        tuning_print_json(sfm_engine_device(engine), tuned, num);
    for (size_t i = 0; i < num; i++)
        sfm_tune_clear(&tuned[i].tune);
    return done;
}

static bool forget(SfmEngine *engine, GError **error)
{
    bool there;

    if (!sfm_engine_forget_tuning(engine, &there, error))
        return false;
    terminal_note("%s", there ? _("What was found out about this device is forgotten.")
                              : _("This device has not been tuned."));
    return true;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { .batch = 1, .rounds = 12 };
    g_autoptr(GError) error = NULL;

    if (!parse_options(&o, argc, argv))
        return STATUS_USAGE;
    SfmEngine *engine = open_engine(&o.common, &error);
    if (!engine)
        return fail(error);
    const bool done = o.forget ? forget(engine, &error) : tune_all(&o, engine, &error);
    const int status = done ? STATUS_OK : fail(error);
    close_engine(engine);
    return status;
}

const Command command_tune = { "tune", N_("find out which kernels are the fastest here"), run };
