// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include <sfumato/scripts.h>

#include "common/translation.h"
#include "script.h"

typedef struct {
    CommonOptions common;
    gboolean json, stub;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, N_("Print JSON, for programs"), NULL },
        { "stub", 0, 0, G_OPTION_ARG_NONE, &o.stub, N_("Print annotations of LuaLS, for editors"),
          NULL },
        { 0 },
    };
    const Usage usage = {
        .summary = N_("Prints every function that a script can call: name, arguments, result, what "
                      "it does."),
        .details = N_("Printed is the manual page, unless an option says otherwise.\n"),
        .examples = "  sfumato script api | less\n"
                    "  sfumato script api --stub >diffusion.lua\n",
        .entries = entries,
        .without_device = true,
    };
    if (!parse(&usage, &o.common, &argc, &argv))
        return STATUS_USAGE;
    if (o.json && o.stub) {
        refuse(_("--json and --stub exclude each other"));
        return STATUS_USAGE;
    }
    g_autofree char *text = sfm_script_api_text(o.json   ? SFM_API_JSON
                                                : o.stub ? SFM_API_STUB
                                                         : SFM_API_MANUAL);
    fputs(text, stdout);
    return STATUS_OK;
}

const Command script_api = { "api", N_("print what a script can call"), run };
