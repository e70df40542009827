// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_COMMAND_H
#define SFM_CLI_COMMAND_H

#include <stdbool.h>

#include <glib.h>
#include <sfumato/engine.h>

// A word behind `sfumato`. `argv` starts with that word; the result is the
// program's exit status.
typedef struct {
    const char *name;
    const char *summary; // a line of `sfumato --help`, untranslated
    int (*run)(int argc, char **argv);
} Command;

extern const Command command_generate, command_vary, command_denoise, command_interpolate,
    command_inpaint, command_replay, command_predict, command_info, command_bench, command_models,
    command_devices, command_doctor, command_eval, command_script, command_tune;

// A line of help for each of the commands.
void print_commands(const Command *const *commands, size_t num);

// The help of a command that has commands of its own: "script", what they are for
// (a sentence, translated), and command lines.
void print_group_help(const char *name, const char *purpose, const Command *const *commands,
                      size_t num, const char *examples);

// Whether argv[1] is --help, -h or help.
bool asks_for_help(int argc, char **argv);

// Runs the one of the commands that argv[1] names, which then sees its name
// behind `prefix`: "script " makes "script new" of it. Returns the exit status.
int run_command(const char *prefix, const Command *const *commands, size_t num, int argc,
                char **argv);

// Exit statuses, as `sfumato --help` lists them; 128 + N after signal N.
enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    STATUS_NO_DEVICE = 3,
};

// The options that all commands have.
typedef struct {
    char *device, *data_dir; // NULL: not given; owned
    gboolean validate, quiet;
} CommonOptions;

void common_options_clear(CommonOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommonOptions, common_options_clear)

// What one command accepts and says of itself. Texts are marked and translated
// where they are shown; one that is translated already stays as it is.
typedef struct {
    const char *arguments; // "MODEL", behind the options; NULL: none
    const char *summary;   // a sentence or two
    const char *details;   // lines behind the options; NULL: none
    const char *examples;  // command lines, which nobody translates; NULL: none
    const GOptionEntry *entries;
    bool without_device; // it opens none, and has no options for that
    int min_arguments, max_arguments;
} Usage;

// Parses; removes the options from argv. --help prints and exits. On failure
// says what is wrong and returns false: exit with STATUS_USAGE.
bool parse(const Usage *usage, CommonOptions *common, int *argc, char ***argv);

// Says on standard error what went wrong, and the remedy if there is one.
// Returns the exit status that stands for it.
int fail(const GError *error);

// As fail(), for a command line that makes no sense: a sentence without its full
// stop. Always returns false: exit with STATUS_USAGE.
bool refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

// "640x480", or "64" for a square. False: it is no size, and that has been said.
bool parse_size(const char *text, int *width, int *height);

// "512M", "1.5G": bytes, or as many K, M, G or T of 1024 each. False as above.
bool parse_bytes(const char *text, uint64_t *bytes);

// Whether a PNG file may be called so: one called out.jpg is one that other programs
// do not open. Names that promise nothing are left alone. False: it has been said.
bool check_png_name(const char *output);

// Opens the engine, and lets Ctrl-C cancel its jobs from then on. NULL, with
// `error` set, on failure.
SfmEngine *open_engine(const CommonOptions *common, GError **error);

// Frees it; signals are as they were before.
void close_engine(SfmEngine *engine);

#endif
