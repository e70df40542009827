// SPDX-License-Identifier: GPL-3.0-or-later
//
// sfumato: the engine without GIMP. Results go to standard output, everything
// else to standard error.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "common/translation.h"
#include "terminal.h"

static const Command *const commands[] = {
    &command_generate, &command_vary,    &command_denoise, &command_interpolate, &command_inpaint,
    &command_replay,   &command_predict, &command_info,    &command_bench,       &command_models,
    &command_tune,     &command_devices, &command_doctor,  &command_eval,        &command_script,
};

static const struct {
    const char *name, *help;
} variables[] = {
    { "SFUMATO_DEVICE", N_("the device to use, as --device") },
    { "SFUMATO_MODELS", N_("folders of models, separated by \":\"") },
    { "SFUMATO_DATA", N_("where the folders lua and models are, as --data") },
    { "SFUMATO_LOCALE", N_("where the translations are") },
    { "SFUMATO_KERNELS",
      N_("the family of kernels: \"plain\", \"lavapipe\" or others that the manual names") },
    { "SFUMATO_PROGRESS",
      N_("\"1\": the plug-in, in GIMP without a window, says what it is doing") },
    { "LP_NUM_THREADS", N_("how many threads lavapipe, the device in software, has") },
};

static const struct {
    const char *status, *help;
} statuses[] = {
    { "0", N_("all went well") },
    { "1", N_("it failed: a file, a model, a script, the device or the disk") },
    { "2", N_("the command line is wrong") },
    { "3", N_("there is no Vulkan device to use") },
    { "130", N_("interrupted by Ctrl-C (128 + the signal's number): nothing was written") },
};

static void print_help(void)
{
    printf("%s\n\n%s\n\n%s\n", _("Usage: sfumato COMMAND [OPTION...]"),
           _("Makes, varies, denoises and mends pictures by denoising diffusion, on any Vulkan "
             "device."),
           _("Commands:"));
    print_commands(commands, G_N_ELEMENTS(commands));
    printf("\n%s\n\n%s\n%s\n%s\n",
           _("\"sfumato COMMAND --help\" explains a command; \"sfumato --version\" says the "
             "version."),
           _("Examples:"),
           "  sfumato doctor\n"
           "  sfumato models\n"
           "  sfumato generate --model textures --class grass --size 256x256 -o grass.png\n"
           "  sfumato denoise --model photo night.png -o clean.png\n",
           _("Environment:"));
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
        printf("  %-18s%s\n", variables[i].name, _(variables[i].help));
    printf(
        "\n%s\n\n%s\n",
        _("Models are looked for in SFUMATO_MODELS, in ~/.local/share/sfumato/models, and among\n"
          "those that came with the program; schedules and samplers in\n"
          "~/.local/share/sfumato/scripts. XDG_DATA_HOME moves both out of ~/.local/share."),
        _("Exit status:"));
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        printf("  %-5s%s\n", statuses[i].status, _(statuses[i].help));
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

// A result that nobody got is a failure: a full disk, a closed output. At exit, since
// GLib leaves by itself once it has printed a command's help.
static void check_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    terminal_say(_("sfumato: standard output: %s"), g_strerror(errno));
    _exit(STATUS_FAILED);
}

int main(int argc, char **argv)
{
    sfm_translation_open();
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error like others
    g_set_prgname("sfumato");
    terminal_take_log();
    atexit(check_output);
    return run(argc, argv);
}
