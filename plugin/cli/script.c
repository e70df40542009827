// SPDX-License-Identifier: GPL-3.0-or-later
#include "script.h"

#include <stdio.h>
#include <string.h>

static const Command *const commands[] = {
    &script_new, &script_check, &script_test, &script_list, &script_api, &script_plot,
};

static void print_help(void)
{
    puts("Usage: sfumato script COMMAND [OPTION...]\n"
         "\n"
         "Tools for those who write schedules and samplers. None needs a GPU.\n"
         "\n"
         "Commands:");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s%s\n", commands[i]->name, commands[i]->summary);
    puts("\n"
         "\"sfumato script COMMAND --help\" explains a command.\n"
         "\n"
         "Examples:\n"
         "  sfumato script new my-sampler\n"
         "  sfumato script check ~/.local/share/sfumato/scripts/my-sampler.lua\n"
         "  sfumato generate --model digits --class 7 --sampler my-sampler -o seven.png");
}

// The command's own name becomes "script new", for its help.
static int run_command(const Command *command, int argc, char **argv)
{
    g_autofree char *name = g_strconcat("script ", command->name, NULL);
    argv[0] = name;
    return command->run(argc, argv);
}

static int run(int argc, char **argv)
{
    g_set_prgname("sfumato script");
    if (argc < 2) {
        refuse("a command is missing");
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return STATUS_OK;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i]->name, argv[1]) == 0)
            return run_command(commands[i], argc - 1, argv + 1);
    }
    refuse("there is no command \"%s\"", argv[1]);
    return STATUS_USAGE;
}

const Command command_script = { "script", "write, test and list schedules and samplers", run };
