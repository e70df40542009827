// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scales of charts, what is drawn smoothly, and what is printed.

#include <math.h>
#include <string.h>

#include "cli/canvas.h"
#include "cli/chart.h"
#include "cli/glyphs.h"

static const double steps[] = { 0, 1, 2, 3 }, levels[] = { 90, 9, 0.9, 0 };
static const Curve curve = { "it", 4, steps, levels };
static const Chart chart = { "step", "sigma", &curve, 1 };

static void spans_what_is_above_0(void)
{
    const ChartRange range = chart_range(&chart);
    g_assert_true(range.has_zero);
    g_assert_cmpfloat(range.x_max, ==, 3);
    g_assert_cmpfloat(range.y_min, <, 0.9);
    g_assert_cmpfloat(range.y_max, >, 90);
    g_assert_cmpfloat_with_epsilon(chart_y(&range, 9), 0.5, 1e-9); // halfway between the ends
    g_assert_cmpfloat(chart_x(&range, 1.5), ==, 0.5);
}

static void ends_the_x_axis_at_a_label_that_is_near(void)
{
    const double x[] = { 0, 999 }, y[] = { 1, 2 };
    const Curve to_999 = { "it", 2, x, y };
    const Chart one = { "timestep", "sigma", &to_999, 1 };
    g_assert_cmpfloat(chart_range(&one).x_max, ==, 1000);
    g_assert_cmpfloat(chart_step(1000, 6), ==, 200);
    g_assert_cmpfloat(chart_step(30, 6), ==, 5);
    g_assert_cmpfloat(chart_step(3, 6), ==, 1);
}

static void labels_powers_of_ten_and_more_where_they_are_few(void)
{
    const ChartRange wide = { 1, 0.05, 200, false }, narrow = { 1, 0.3, 6, false };
    const double of_wide[] = { 0.1, 1, 10, 100, 0 }, of_narrow[] = { 0.5, 1, 2, 5, 0 };
    double tick = 0;
    for (int i = 0; i < 5; i++) {
        tick = chart_next_tick(&wide, tick);
        g_assert_cmpfloat_with_epsilon(tick, of_wide[i], 1e-9);
    }
    tick = 0;
    for (int i = 0; i < 5; i++) {
        tick = chart_next_tick(&narrow, tick);
        g_assert_cmpfloat_with_epsilon(tick, of_narrow[i], 1e-9);
    }
}

static const Colour white = { { 1, 1, 1 } }, black = { { 0, 0, 0 } };

static double ink_of(const SfmImage *image)
{
    double sum = 0;
    for (int i = 0; i < image->width * image->height * 3; i += 3)
        sum += 1 - (double)image->pixels[i];
    return sum;
}

// A line takes its length times its width, and its two half discs.
static void draws_as_much_ink_as_a_line_has_area(void)
{
    SfmImage image;
    canvas_init(&image, 40, 40, white);
    canvas_line(&image, (Spot){ 10, 20.3 }, (Spot){ 30, 20.3 }, 4, black);
    g_assert_cmpfloat_with_epsilon(ink_of(&image), 20 * 4 + G_PI * 4, 0.5);
    g_assert_cmpfloat(image.pixels[3 * (20 * 40 + 20)], ==, 0); // in the middle
    sfm_image_clear(&image);

    canvas_init(&image, 40, 40, white);
    canvas_line(&image, (Spot){ 8, 8 }, (Spot){ 32, 32 }, 3, black);
    g_assert_cmpfloat_with_epsilon(ink_of(&image), 24 * G_SQRT2 * 3 + G_PI * 2.25, 2);
    sfm_image_clear(&image);
}

static void leaves_out_what_lies_outside(void)
{
    SfmImage image;
    canvas_init(&image, 4, 4, white);
    canvas_line(&image, (Spot){ -100, -50 }, (Spot){ -20, 500 }, 9, black);
    canvas_text(&image, (Spot){ -30, 90 }, 10, true, "outside", black);
    g_assert_cmpfloat(ink_of(&image), ==, 0);
    sfm_image_clear(&image);
}

static void has_a_glyph_for_every_letter_of_a_label(void)
{
    const char *box = glyph_of(0x4e00);
    for (const char *c = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,:=+-/_";
         *c; c++)
        g_assert_cmpstr(glyph_of((gunichar)*c), !=, box);
    g_assert_cmpfloat(canvas_text_width(8, "l"), ==, 0);   // one stroke, upright
    g_assert_cmpfloat(canvas_text_width(8, "no"), ==, 10); // 4 units, 2 between, 4
}

// Not inlined: gcc 12 at -O3 then takes its text for one of the caller's that is gone.
G_GNUC_NO_INLINE static char *printed(bool braille, int width)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    chart_print(file, &chart, width, braille, false);
    fclose(file);
    return text;
}

static void prints_a_mark_a_level_in_ascii(void)
{
    char *text = printed(false, 60);
    int num_marks = 0;
    for (const char *c = text; *c; c++) {
        g_assert_cmpint((guchar)*c, <, 0x80);
        num_marks += *c == '*';
    }
    g_assert_cmpint(num_marks, ==, 4 + 1); // and in the legend
    g_assert_nonnull(strstr(text, "sigma:  * it\n"));
    g_assert_nonnull(strstr(text, "\n     10 +"));
    const char *foot = strstr(text, "\n      0 +"), *end = foot ? strchr(foot + 1, '\n') : NULL;
    g_assert_nonnull(end);
    g_assert_cmpint(end[-1], ==, '*'); // the last level
    g_assert_nonnull(strstr(text, "  step\n"));
    free(text);
}

static void keeps_to_the_width_of_the_terminal(void)
{
    char *text = printed(true, 40);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 40 + 6); // the axis has its title behind it
    const char *axis = strstr(lines[1], "│");                  // the first level is at the top left
    g_assert_nonnull(axis);
    g_assert_cmpint(g_utf8_get_char(g_utf8_next_char(axis)), >, 0x2800);
    g_assert_nonnull(strstr(text, "\n        └┴"));
    free(text);
}

static void draws_charts_side_by_side(void)
{
    const Chart two[] = { chart, chart };
    SfmImage one_image, two_images;
    chart_draw(&one_image, two, 1);
    chart_draw(&two_images, two, 2);
    g_assert_cmpint(two_images.width, ==, 2 * one_image.width);
    g_assert_cmpint(two_images.height, ==, one_image.height);
    g_assert_cmpfloat(ink_of(&two_images), >, 1.8 * ink_of(&one_image));
    sfm_image_clear(&one_image);
    sfm_image_clear(&two_images);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chart/spans_what_is_above_0", spans_what_is_above_0);
    g_test_add_func("/chart/ends_the_x_axis_at_a_label_that_is_near",
                    ends_the_x_axis_at_a_label_that_is_near);
    g_test_add_func("/chart/labels_powers_of_ten_and_more_where_they_are_few",
                    labels_powers_of_ten_and_more_where_they_are_few);
    g_test_add_func("/canvas/draws_as_much_ink_as_a_line_has_area",
                    draws_as_much_ink_as_a_line_has_area);
    g_test_add_func("/canvas/leaves_out_what_lies_outside", leaves_out_what_lies_outside);
    g_test_add_func("/canvas/has_a_glyph_for_every_letter_of_a_label",
                    has_a_glyph_for_every_letter_of_a_label);
    g_test_add_func("/chart/prints_a_mark_a_level_in_ascii", prints_a_mark_a_level_in_ascii);
    g_test_add_func("/chart/keeps_to_the_width_of_the_terminal",
                    keeps_to_the_width_of_the_terminal);
    g_test_add_func("/chart/draws_charts_side_by_side", draws_charts_side_by_side);
    return g_test_run();
}
