// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sfumato/scripts.h>

#include "chart.h"
#include "common/translation.h"
#include "png_file.h"
#include "script.h"

typedef struct {
    CommonOptions common;
    char *model, *output;
    char **settings;
    int steps;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->model);
    g_free(o->output);
    g_strfreev(o->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

// ---- levels -----------------------------------------------------------------

// One argument, "karras" or "karras,rho=3", and what it gives.
typedef struct {
    char *label;
    SfmScheduleLevels levels;
    double *steps; // [levels.num] 0, 1, 2 ...
} Plotted;

static void free_plotted(gpointer data)
{
    Plotted *plotted = data;
    g_free(plotted->label);
    sfm_schedule_levels_clear(&plotted->levels);
    g_free(plotted->steps);
    g_free(plotted);
}

// --set first, then the argument's own.
static char **join_settings(const Options *o, char **own)
{
    GPtrArray *all = g_ptr_array_new();
    for (char **setting = o->settings; setting && *setting; setting++)
        g_ptr_array_add(all, *setting);
    for (char **setting = own; *setting; setting++)
        g_ptr_array_add(all, *setting);
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE); // of borrowed texts
}

static bool add(const Options *o, const char *argument, GPtrArray *all, GError **error)
{
    if (!*argument) { // of which nothing is split
        g_set_error_literal(
            error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
            _("schedule: \"\" is no name; \"sfumato script list\" shows what there is"));
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(argument, ",", 0);
    g_autofree char **settings = join_settings(o, parts + 1);
    Plotted *plotted = g_new0(Plotted, 1);
    g_ptr_array_add(all, plotted);
    const SfmScheduleQuestion question = {
        .data_dir = o->common.data_dir,
        .schedule = parts[0],
        .model = o->model,
        .num_steps = o->steps,
        .settings = (const char *const *)settings,
    };
    if (!sfm_schedule_levels(&question, &plotted->levels, error))
        return false;
    g_autofree char *own = g_strjoinv(", ", parts + 1);
    plotted->label = g_strdup_printf("%s%s%s", plotted->levels.name, *own ? ", " : "", own);
    plotted->steps = g_new(double, plotted->levels.num);
    for (size_t i = 0; i < plotted->levels.num; i++)
        plotted->steps[i] = (double)i;
    return true;
}

// ---- charts -----------------------------------------------------------------

// Over the steps, and over what the network is told: the last level, if it is 0, is
// told to nobody.
static void make_curves(const GPtrArray *all, Curve *over_steps, Curve *over_timesteps)
{
    for (guint i = 0; i < all->len; i++) {
        const Plotted *plotted = all->pdata[i];
        const SfmScheduleLevels *levels = &plotted->levels;
        over_steps[i] = (Curve){ plotted->label, levels->num, plotted->steps, levels->sigma };
        size_t num = 0;
        while (num < levels->num && !isnan(levels->timestep[num]))
            num++;
        over_timesteps[i] = (Curve){ plotted->label, num, levels->timestep, levels->sigma };
    }
}

static int terminal_width(void)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = g_getenv("COLUMNS");
    const gint64 width = columns ? g_ascii_strtoll(columns, NULL, 10) : 0;
    return width > 0 ? (int)MIN(width, 1000) : 80;
}

// Without colours braille cannot tell curves apart.
static void print_charts(const Chart *charts, size_t num)
{
    const bool colours = isatty(STDOUT_FILENO) && !g_getenv("NO_COLOR");
    const bool braille = g_get_charset(NULL) && (colours || charts[0].num == 1);
    for (size_t i = 0; i < num; i++) {
        if (i > 0)
            fputc('\n', stdout);
        chart_print(stdout, &charts[i], terminal_width(), braille, colours && charts[i].num > 1);
    }
}

static bool write_charts(const Options *o, const Chart *charts, size_t num, GError **error)
{
    SfmImage image;
    if (!png_file_check(o->output, error))
        return false;
    chart_draw(&image, charts, num);
    const bool done = png_files_write(&image, &o->output, 1, (PngStyle){ 8, NULL }, error);
    sfm_image_clear(&image);
    if (done && !o->common.quiet)
        puts(o->output);
    return done;
}

static bool plot(const Options *o, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_plotted);
    for (char **argument = arguments; *argument; argument++) {
        if (!add(o, *argument, all, error))
            return false;
    }
    const Plotted *first = all->pdata[0];
    g_autofree Curve *curves = g_new(Curve, 2 * (gsize)all->len);
    make_curves(all, curves, curves + all->len);
    const Chart charts[] = {
        { "step", "sigma", curves, all->len },
        { "timestep", "sigma", curves + all->len, all->len },
    };
    const size_t num = first->levels.num_timesteps > 0 ? 2 : 1;
    if (o->output)
        return write_charts(o, charts, num, error);
    print_charts(charts, num);
    return true;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    const GOptionEntry entries[] = {
        { "model", 'm', 0, G_OPTION_ARG_STRING, &o.model,
          N_("A name in \"sfumato models\", or a path to a folder"), "MODEL" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, N_("Of the run (30)"), "N" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.settings,
          N_("A knob of the schedules: rho=3; may be repeated"), "NAME=VALUE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, N_("Draw it into a PNG file"),
          "FILE.png" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "SCHEDULE...",
        .summary = N_("Draws the noise levels of schedules, against the step and against the "
                      "timestep."),
        .details = N_("Without -o it is printed to the terminal, in braille, or in plain letters "
                      "where the locale\n"
                      "is not UTF-8. Several schedules are drawn into one chart. To one, knobs can "
                      "be given behind\n"
                      "its name, after commas; --set holds for all.\n"
                      "\n"
                      "Without --model it is for one of 1000 timesteps whose betas are linear.\n"),
        .examples = "  sfumato script plot karras --model digits --steps 20\n"
                    "  sfumato script plot trained karras karras,rho=3 ./mine.lua -o levels.png\n",
        .entries = entries,
        .without_device = true,
        .min_arguments = 1,
        .max_arguments = G_MAXINT,
    };
    g_autoptr(GError) error = NULL;
    o.steps = 30;
    if (!parse(&usage, &o.common, &argc, &argv))
        return STATUS_USAGE;
    if (o.steps < 1) {
        refuse(_("steps: %d is less than 1"), o.steps);
        return STATUS_USAGE;
    }
    if (o.output && !*o.output) {
        refuse(_("--output wants a file, not \"\""));
        return STATUS_USAGE;
    }
    if (o.output && !check_png_name(o.output))
        return STATUS_USAGE;
    return plot(&o, argv + 1, &error) ? STATUS_OK : fail(error);
}

const Command script_plot = { "plot", N_("draw the levels of schedules"), run };
