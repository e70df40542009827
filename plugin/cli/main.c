// SPDX-License-Identifier: GPL-3.0-or-later
//
// sfumato: the engine without GIMP. Results go to standard output, everything
// else to standard error.

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "common/translation.h"
#include "terminal.h"

static const Command *const commands[] = {
    &command_generate, &command_vary, &command_denoise, &command_interpolate, &command_inpaint,
    &command_predict,  &command_info, &command_bench,   &command_models,      &command_devices,
    &command_doctor,   &command_eval, &command_script,
};

static void print_help(void)
{
    puts("Usage: sfumato COMMAND [OPTION...]\n"
         "\n"
         "Denoising diffusion on Vulkan.\n"
         "\n"
         "Commands:");
    print_commands(commands, G_N_ELEMENTS(commands));
    puts("\n"
         "\"sfumato COMMAND --help\" explains a command; \"sfumato --version\" says the version.\n"
         "\n"
         "Environment:\n"
         "  SFUMATO_DEVICE  which device, as --device\n"
         "  SFUMATO_MODELS  folders of models, separated by \":\"\n"
         "  SFUMATO_DATA    where the folders lua and models are, as --data\n"
         "  SFUMATO_LOCALE  where translations are\n"
         "\n"
         "Models lie in SFUMATO_MODELS, in sfumato/models of the XDG data folder, or are bundled;\n"
         "schedules and samplers of your own in sfumato/scripts of that folder, which is\n"
         "~/.local/share unless XDG_DATA_HOME says otherwise.\n"
         "\n"
         "Exit status:\n"
         "  0    it was done\n"
         "  1    it failed: a file, a model, a script, the device or the disk\n"
         "  2    the command line asks for what makes no sense\n"
         "  3    there is no Vulkan device that will do\n"
         "  130  interrupted by Ctrl-C (128 + the signal's number): nothing was written");
}

static int run(int argc, char **argv)
{
    if (asks_for_help(argc, argv)) {
        print_help();
        return STATUS_OK;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("sfumato %s\n", sfm_version());
        return STATUS_OK;
    }
    return run_command("", commands, G_N_ELEMENTS(commands), argc, argv);
}

// A result that nobody got is a failure: a full disk, a closed output.
static int check_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    terminal_say("sfumato: standard output: %s", g_strerror(errno));
    return status == STATUS_OK ? STATUS_FAILED : status;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); // names are UTF-8, numbers stay as in C
    sfm_translation_open();
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error like others
    g_set_prgname("sfumato");
    terminal_take_log();
    return check_output(run(argc, argv));
}
