// SPDX-License-Identifier: GPL-3.0-or-later
#include "script.h"
#include "common/translation.h"

#include <stdio.h>

#include "terminal.h"

static const Command *const commands[] = {
    &script_new, &script_check, &script_test, &script_list, &script_api, &script_plot,
};

void print_sentences(const GPtrArray *sentences, const char *kind)
{
    for (guint i = 0; i < sentences->len; i++) {
        g_autofree char *text = terminal_text(sentences->pdata[i]);
        printf("%s%s\n", kind, text);
    }
}

static void print_help(void)
{
    print_group_help(
        "script", _("Tools for those who write schedules and samplers. None needs a GPU."),
        commands, G_N_ELEMENTS(commands),
        "  sfumato script new my-sampler\n"
        "  sfumato script check ~/.local/share/sfumato/scripts/my-sampler.lua\n"
        "  sfumato generate --model digits --class 7 --sampler my-sampler -o seven.png\n");
}

static int run(int argc, char **argv)
{
    g_set_prgname("sfumato script");
    if (asks_for_help(argc, argv)) {
        print_help();
        return STATUS_OK;
    }
    return run_command("script ", commands, G_N_ELEMENTS(commands), argc, argv);
}

const Command command_script = { "script", N_("write, test and list schedules and samplers"), run };
