// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sfumato/library.h>
#include <sfumato/scripts.h>

#include "common/translation.h"
#include "script.h"
#include "terminal.h"

typedef struct {
    CommonOptions common;
    gboolean schedule, sampler;
    char *output;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

// A script of one's own takes the place of a built-in one of its name.
static void note_hidden(const Options *o, const char *path)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(o->common.data_dir);
    g_autoptr(GPtrArray) files = sfm_script_library_files(library);

    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (file->hides && strcmp(file->path, path) == 0)
            terminal_note(_("It takes the place of the built-in script %s, for all jobs."),
                          file->hides);
    }
}

static int create(const Options *o, const char *name)
{
    const SfmScriptKind kind = o->schedule ? SFM_SCRIPT_SCHEDULE : SFM_SCRIPT_SAMPLER;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = sfm_script_create(o->common.data_dir, kind, name, o->output, &error);
    if (!path)
        return fail(error);
    puts(path);
    if (!o->output)
        note_hidden(o, path);
    terminal_note(_("Check it with \"sfumato script check %s\"."), o->output ? path : name);
    return STATUS_OK;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    const GOptionEntry entries[] = {
        { "sampler", 0, 0, G_OPTION_ARG_NONE, &o.sampler, N_("Begin a sampler (the default)"),
          NULL },
        { "schedule", 0, 0, G_OPTION_ARG_NONE, &o.schedule, N_("Begin a schedule"), NULL },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, N_("Write this file instead"),
          "FILE.lua" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "NAME",
        .summary = N_("Begins a script: a sampler or a schedule that works and explains itself."),
        .details = N_("It goes to ~/.local/share/sfumato/scripts ($XDG_DATA_HOME/sfumato/scripts), "
                      "where it is\n"
                      "found by its name. The path is printed. A file that is there already is "
                      "left as it is.\n"
                      "\n"
                      "NAME is of the letters a-z, digits and -.\n"),
        .examples = "  sfumato script new my-sampler\n"
                    "  sfumato script new my-levels --schedule -o my-levels.lua\n",
        .entries = entries,
        .without_device = true,
        .min_arguments = 1,
        .max_arguments = 1,
    };
    if (!parse(&usage, &o.common, &argc, &argv))
        return STATUS_USAGE;
    if (o.schedule && o.sampler) {
        refuse(_("--schedule and --sampler exclude each other"));
        return STATUS_USAGE;
    }
    if (o.output && !*o.output) {
        refuse(_("--output wants a file, not \"\""));
        return STATUS_USAGE;
    }
    return create(&o, argv[1]);
}

const Command script_new = { "new", N_("begin a schedule or a sampler"), run };
