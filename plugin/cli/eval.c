// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval.h"
#include "common/translation.h"

#include <stdio.h>

static const Command *const commands[] = { &eval_denoise };

static void print_help(void)
{
    print_group_help("eval", _("Measures how good a model's results are."), commands,
                     G_N_ELEMENTS(commands), "  sfumato eval denoise photographs/\n");
}

static int run(int argc, char **argv)
{
    g_set_prgname("sfumato eval");
    if (asks_for_help(argc, argv)) {
        print_help();
        return STATUS_OK;
    }
    return run_command("eval ", commands, G_N_ELEMENTS(commands), argc, argv);
}

const Command command_eval = { "eval", N_("measure how good results are"), run };
