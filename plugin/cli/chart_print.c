// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chart in a terminal. Of Unicode's braille a character is 2 x 4 dots, so that a
// curve is a line; in ASCII it is a letter a place.

#include <math.h>
#include <string.h>

#include "chart.h"

enum { ROWS = 18, MARGIN = 9, DOTS_ACROSS = 2, DOTS_DOWN = 4, NO_CURVE = -1 };

static const char marks[] = "*o+x#@";
static const char *const colours_of_curves[] = { "34", "33", "32", "35", "31", "36" }; // ANSI

// What is drawn: dots in places, and who drew there last.
typedef struct {
    const Chart *chart;
    ChartRange range;
    int columns, rows; // places; the last row belongs to 0, if there is one
    bool braille, colours;
    uint8_t *dots; // [rows, columns], a bit each
    int *curve;    // [rows, columns]
} Page;

// Braille numbers its dots down the first column, down the second, then the last row.
static const uint8_t bits[DOTS_DOWN][DOTS_ACROSS] = {
    { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 }
};

// A dot, counted from the top left.
static void set_dot(Page *page, int x, int y, int curve)
{
    const int place = y / DOTS_DOWN * page->columns + x / DOTS_ACROSS;
    page->dots[place] |= bits[y % DOTS_DOWN][x % DOTS_ACROSS];
    page->curve[place] = curve;
}

static int level_rows(const Page *page)
{
    return page->rows - (page->range.has_zero ? 1 : 0);
}

// Where a point lies, in dots.
static void find(const Page *page, double x, double y, double *across, double *down)
{
    const int last = level_rows(page) * DOTS_DOWN - 1;
    *across = chart_x(&page->range, x) * (page->columns * DOTS_ACROSS - 1);
    *down = y > 0 ? (1 - chart_y(&page->range, y)) * last : page->rows * DOTS_DOWN - 2;
}

static void draw_line(Page *page, const double from[2], const double to[2], int curve)
{
    const int num = (int)ceil(fmax(fabs(to[0] - from[0]), fabs(to[1] - from[1])));
    for (int i = 0; i <= num; i++) {
        const double u = num > 0 ? (double)i / num : 0;
        set_dot(page, (int)lround(from[0] + u * (to[0] - from[0])),
                (int)lround(from[1] + u * (to[1] - from[1])), curve);
    }
}

// In ASCII a mark a level; a line would hide where they are.
static void draw_curve(Page *page, const Curve *curve, int number)
{
    double before[2], at[2];
    for (size_t i = 0; i < curve->num; i++) {
        find(page, curve->x[i], curve->y[i], &at[0], &at[1]);
        draw_line(page, i > 0 && page->braille ? before : at, at, number);
        memcpy(before, at, sizeof at);
    }
}

static void print_place(FILE *file, const Page *page, int place)
{
    const int curve = page->curve[place];
    if (curve == NO_CURVE) {
        fputc(' ', file);
        return;
    }
    char text[8] = { marks[(size_t)curve % (sizeof marks - 1)] };
    if (page->braille)
        text[g_unichar_to_utf8(0x2800U + page->dots[place], text)] = '\0';
    if (page->colours)
        fprintf(file, "\033[%sm%s\033[0m",
                colours_of_curves[(size_t)curve % G_N_ELEMENTS(colours_of_curves)], text);
    else
        fputs(text, file);
}

// The label of a row: a power of ten that lies in it; else none.
static char *label_of(const Page *page, int row)
{
    const int rows = level_rows(page);
    if (row >= rows)
        return g_strdup("0");
    for (double tick = chart_next_tick(&page->range, 0); tick > 0;
         tick = chart_next_tick(&page->range, tick)) {
        const int at = (int)lround((1 - chart_y(&page->range, tick)) * (rows * DOTS_DOWN - 1));
        if (at / DOTS_DOWN == row)
            return g_strdup_printf("%g", tick);
    }
    return g_strdup("");
}

static int last_drawn(const Page *page, int row)
{
    int column = page->columns - 1;
    while (column >= 0 && page->curve[row * page->columns + column] == NO_CURVE)
        column--;
    return column;
}

static void print_rows(FILE *file, const Page *page)
{
    for (int row = 0; row < page->rows; row++) {
        g_autofree char *label = label_of(page, row);
        const char *axis = page->braille ? (*label ? "┤" : "│") : (*label ? "+" : "|");
        fprintf(file, "%*s %s", MARGIN - 2, label, axis);
        for (int column = 0; column <= last_drawn(page, row); column++)
            print_place(file, page, row * page->columns + column);
        fputc('\n', file);
    }
}

static void print_x_axis(FILE *file, const Page *page)
{
    const double step = chart_step(page->range.x_max, MAX(page->columns / 12, 1));
    GString *line = g_string_new(NULL), *labels = g_string_new(NULL);
    int ticked = 0; // columns of `line`, which is UTF-8
    for (double tick = 0; tick <= page->range.x_max * 1.0001; tick += step) {
        const int at = (int)lround(chart_x(&page->range, tick) * (page->columns - 1));
        for (; ticked < at; ticked++)
            g_string_append(line, page->braille ? "─" : "-");
        g_string_append(line, page->braille ? "┴" : "+");
        ticked++;
        while ((int)labels->len < at)
            g_string_append_c(labels, ' ');
        g_string_append_printf(labels, "%g", tick);
    }
    for (; ticked < page->columns; ticked++)
        g_string_append(line, page->braille ? "─" : "-");
    fprintf(file, "%*s%s%s\n%*s%s  %s\n", MARGIN - 1, "", page->braille ? "└" : "+", line->str,
            MARGIN, "", labels->str, page->chart->x_title);
    g_string_free(line, TRUE);
    g_string_free(labels, TRUE);
}

static void print_legend(FILE *file, const Page *page)
{
    fprintf(file, "%*s%s:", MARGIN, "", page->chart->y_title);
    for (size_t c = 0; c < page->chart->num; c++) {
        const bool marked = !page->braille;
        fputs(c > 0 ? ",  " : "  ", file);
        if (page->colours)
            fprintf(file, "\033[%sm", colours_of_curves[c % G_N_ELEMENTS(colours_of_curves)]);
        if (marked)
            fprintf(file, "%c ", marks[c % (sizeof marks - 1)]);
        fprintf(file, "%s%s", page->chart->curves[c].name, page->colours ? "\033[0m" : "");
    }
    fputc('\n', file);
}

void chart_print(FILE *file, const Chart *chart, int width, bool braille, bool colours)
{
    const int columns = CLAMP(width - MARGIN - 2, 10, 200);
    const size_t num = (size_t)columns * ROWS;
    g_autofree uint8_t *dots = g_new0(uint8_t, num);
    g_autofree int *curve = g_new(int, num);
    Page page = {
        .chart = chart,
        .range = chart_range(chart),
        .columns = columns,
        .rows = ROWS,
        .braille = braille,
        .colours = colours,
        .dots = dots,
        .curve = curve,
    };
    for (size_t i = 0; i < num; i++)
        curve[i] = NO_CURVE;
    for (size_t c = 0; c < chart->num; c++)
        draw_curve(&page, &chart->curves[c], (int)c);
    print_legend(file, &page);
    print_rows(file, &page);
    print_x_axis(file, &page);
}
