// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "common/translation.h"

typedef struct {
    CommonOptions common;
    char *model, *input, *output;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->model);
    g_free(o->input);
    g_free(o->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool parse_options(Options *o, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        { "model", 'm', 0, G_OPTION_ARG_STRING, &o->model,
          N_("A name in \"sfumato models\", or a path to a folder"), "MODEL" },
        { "input", 'i', 0, G_OPTION_ARG_FILENAME, &o->input, N_("The tensors to run on"),
          "IN.safetensors" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, N_("The file to write"),
          "OUT.safetensors" },
        { 0 },
    };
    const Usage usage = {
        .summary = N_("Runs the bare network once, for comparison with other implementations."),
        .details =
            N_("IN holds \"sample\" [B, C, H, W] F32, \"timestep\" [B] I64 or F32 (of NCSN++\n"
               "networks: sigma) and, where the model has classes, \"class_labels\", [B] I64 or,\n"
               "for embeddings, [B, D] F32. F16 and BF16 do for F32, I32 does for I64; F64 would\n"
               "lose digits and is refused, as are NaN and infinity. OUT holds \"output\" [B, "
               "C_out, H, W] F32, as the\n"
               "network gives it; a card's patch is left out.\n"),
        .examples =
            "  sfumato predict --model digits --input in.safetensors --output out.safetensors\n",
        .entries = entries,
    };
    if (!parse(&usage, &o->common, argc, argv))
        return false;
    if (!o->model || !o->input || !o->output)
        return refuse(_("--%s is missing"), !o->model ? "model" : !o->input ? "input" : "output");
    return true;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    g_autoptr(GError) error = NULL;

    if (!parse_options(&o, &argc, &argv))
        return STATUS_USAGE;
    SfmEngine *engine = open_engine(&o.common, &error);
    if (!engine)
        return fail(error);
    const bool done = sfm_engine_predict(engine, o.model, o.input, o.output, &error);
    const int status = done ? STATUS_OK : fail(error);
    close_engine(engine);
    return status;
}

const Command command_predict = { "predict", N_("run a bare network on tensors from a file"), run };
