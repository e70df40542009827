// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval.h"

#include <stdio.h>

static const Command *const commands[] = { &eval_denoise };

static void print_help(void)
{
    puts("Usage: sfumato eval COMMAND [OPTION...]\n"
         "\n"
         "Measures how good a model's results are.\n"
         "\n"
         "Commands:");
    print_commands(commands, G_N_ELEMENTS(commands));
    puts("\n"
         "\"sfumato eval COMMAND --help\" explains a command.\n"
         "\n"
         "Examples:\n"
         "  sfumato eval denoise photographs/");
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

const Command command_eval = { "eval", "measure how good results are", run };
