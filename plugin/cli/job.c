// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job from its command line to its files: a verb each, and one way for all.

#include <stdio.h>
#include <string.h>

#include "common/translation.h"
#include "job_options.h"
#include "png_file.h"
#include "png_read.h"
#include "terminal.h"

// The dot before the extension; the end, where there is none.
static const char *extension_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot && (!slash || dot > slash) ? dot : path + strlen(path);
}

// "out.png" -> "out-2.png"; "out%d.png" -> "out2.png". `number` counts from 1.
static char *path_of(const char *output, int number, int count)
{
    g_autofree char *digits = g_strdup_printf("%d", number);
    const char *place = strstr(output, "%d");

    if (place)
        return g_strdup_printf("%.*s%s%s", (int)(place - output), output, digits, place + 2);
    if (count == 1)
        return g_strdup(output);
    const char *dot = extension_of(output);
    return g_strdup_printf("%.*s-%s%s", (int)(dot - output), output, digits, dot);
}

// "out-2.png" -> "out-2-frame-1.png".
static char *frame_path_of(const char *path, int number)
{
    const char *dot = extension_of(path);
    return g_strdup_printf("%.*s-frame-%d%s", (int)(dot - path), path, number, dot);
}

// As the engine stores the pictures: the frames of an image before itself.
static char **make_paths(const char *output, const SfmJobParams *params)
{
    const int num = sfm_job_num_pictures(params), each = num / params->num_images;
    char **paths = g_new0(char *, (gsize)num + 1);

    for (int i = 0; i < num; i += each) {
        char *path = path_of(output, i / each + 1, params->num_images);
        for (int frame = 1; frame < each; frame++)
            paths[i + frame - 1] = frame_path_of(path, frame);
        paths[i + each - 1] = path;
    }
    return paths;
}

static bool make_and_write(SfmEngine *engine, const SfmJobParams *params, char **paths,
                           PngStyle style, GError **error)
{
    const int num = sfm_job_num_pictures(params);
    g_autofree SfmImage *images = g_try_new0(SfmImage, (gsize)num);

    if (!images)
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("count: no memory for %d pictures"),
                    num);
    if (!images || !sfm_engine_run(engine, params, images, error))
        return false;
    terminal_progress_end();
    const bool written = png_files_write(images, paths, num, style, error);
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    return written;
}

// The pictures that the job starts from; each belongs to the caller on failure,
// too.
static bool read_inputs(const JobOptions *o, PngPicture *pictures, SfmJobParams *params,
                        GError **error)
{
    const SfmJobInfo *info = sfm_job_info(o->job);

    for (size_t i = 0; o->inputs[i]; i++) {
        const bool is_mask = info->masked && !info->inputs[i + 1];
        if (!png_file_read(o->inputs[i], is_mask ? PNG_NUMBERS : PNG_COLOURS, &pictures[i], error))
            return false;
        params->inputs[i] = pictures[i].picture;
    }
    return true;
}

static bool check_outputs(char **paths, GError **error)
{
    for (char **path = paths; *path; path++) {
        if (!png_file_check(*path, error))
            return false;
    }
    return true;
}

// "512.3 MiB of memory on llvmpipe".
static bool say_memory(SfmEngine *engine, const SfmJobParams *params, GError **error)
{
    uint64_t bytes = 0;

    if (!sfm_engine_job_memory(engine, params, &bytes, error))
        return false;
    g_autofree char *size = g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);
    printf(_("%s of memory on %s\n"), size, sfm_engine_device(engine));
    return true;
}

static int rehearse(const JobOptions *o, const SfmJobParams *params)
{
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = open_engine(&o->common, &error);

    if (!engine)
        return fail(error);
    const int status = say_memory(engine, params, &error) ? STATUS_OK : fail(error);
    close_engine(engine);
    return status;
}

static int work(const JobOptions *o, const SfmJobParams *params, PngStyle style)
{
    g_auto(GStrv) paths = make_paths(o->output, params);
    g_autoptr(GError) error = NULL;

    if (!check_outputs(paths, &error))
        return fail(error);
    SfmEngine *engine = open_engine(&o->common, &error);
    if (!engine)
        return fail(error);
    const bool done = make_and_write(engine, params, paths, style, &error);
    const int status = done ? STATUS_OK : fail(error);
    close_engine(engine);
    for (int i = 0; done && !o->common.quiet && paths[i]; i++)
        puts(paths[i]);
    return status;
}

// As the first picture is, if there is one.
static PngStyle style_of(const JobOptions *o, const PngPicture *first)
{
    return (PngStyle){ o->depth > 0 ? o->depth : MAX(first->depth, 8),
                       first->pixels ? first : NULL };
}

static int run(SfmJob job, int argc, char **argv)
{
    g_auto(JobOptions) options = { 0 };
    PngPicture pictures[SFM_JOB_MAX_INPUTS] = { 0 };
    g_autoptr(GError) error = NULL;
    SfmJobParams params;

    if (!job_options_parse(&options, job, argc, argv) || !job_options_request(&options, &params))
        return STATUS_USAGE;
    const int status = !read_inputs(&options, pictures, &params, &error) ? fail(error)
                       : options.dry_run
                           ? rehearse(&options, &params)
                           : work(&options, &params, style_of(&options, &pictures[0]));
    for (size_t i = 0; i < SFM_JOB_MAX_INPUTS; i++)
        png_picture_clear(&pictures[i]);
    return status;
}

static int run_generate(int argc, char **argv)
{
    return run(SFM_JOB_GENERATE, argc, argv);
}

static int run_vary(int argc, char **argv)
{
    return run(SFM_JOB_VARY, argc, argv);
}

static int run_denoise(int argc, char **argv)
{
    return run(SFM_JOB_DENOISE, argc, argv);
}

static int run_interpolate(int argc, char **argv)
{
    return run(SFM_JOB_INTERPOLATE, argc, argv);
}

static int run_inpaint(int argc, char **argv)
{
    return run(SFM_JOB_INPAINT, argc, argv);
}

const Command command_generate = { "generate", N_("make pictures from noise"), run_generate };
const Command command_vary = { "vary", N_("make pictures like a given one"), run_vary };
const Command command_denoise = { "denoise", N_("take the noise out of a photograph"),
                                  run_denoise };
const Command command_interpolate = { "interpolate", N_("make pictures between two"),
                                      run_interpolate };
const Command command_inpaint = { "inpaint", N_("paint a part of a picture anew"), run_inpaint };
