// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart.h"

#include <math.h>

#include "canvas.h"

enum { X_TICKS = 6 }; // about

// ---- scales -----------------------------------------------------------------

// 999 timesteps are drawn as 1000, so that the axis ends at a label.
static double round_up(double x_max)
{
    const double step = x_max > 0 ? chart_step(x_max, X_TICKS) : 1;
    const double up = fmax(ceil(x_max / step) * step, step);
    return x_max > 0 && up > 1.02 * x_max ? x_max : up;
}

ChartRange chart_range(const Chart *chart)
{
    ChartRange range = { .y_min = INFINITY };
    for (size_t c = 0; c < chart->num; c++) {
        for (size_t i = 0; i < chart->curves[c].num; i++) {
            const double y = chart->curves[c].y[i];
            range.x_max = fmax(range.x_max, chart->curves[c].x[i]);
            range.has_zero |= y == 0;
            if (y > 0)
                range.y_min = fmin(range.y_min, y);
            range.y_max = fmax(range.y_max, y);
        }
    }
    range.x_max = round_up(range.x_max);
    if (!(range.y_max > 0)) // nothing but zeros
        range.y_min = range.y_max = 1;
    const double room = range.y_max > 1.5 * range.y_min ? 1.1 : 2; // or one level alone
    range.y_min /= room;
    range.y_max *= room;
    return range;
}

double chart_x(const ChartRange *range, double x)
{
    return x / range->x_max;
}

double chart_y(const ChartRange *range, double y)
{
    return log(y / range->y_min) / log(range->y_max / range->y_min);
}

double chart_step(double x_max, int num)
{
    const double rough = x_max / num, power = pow(10, floor(log10(rough)));
    const double step = rough <= 1.01 * power   ? power
                        : rough <= 2.01 * power ? 2 * power
                        : rough <= 5.01 * power ? 5 * power
                                                : 10 * power;
    return fmax(step, 1);
}

double chart_next_tick(const ChartRange *range, double after)
{
    static const double fine[] = { 1, 2, 5, 10 };
    const bool few = log10(range->y_max / range->y_min) < 2;
    const double least = fmax(range->y_min, after * 1.01);
    const double power = pow(10, floor(log10(least)));
    for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
        const double tick = power * fine[i];
        if (tick >= least * (1 - 1e-9) && (few || fine[i] == 1 || fine[i] == 10))
            return tick <= range->y_max * (1 + 1e-9) ? tick : 0;
    }
    return 0;
}

// ---- a picture --------------------------------------------------------------

// In pixels. Below the frame's lowest level a strip belongs to 0.
enum { WIDTH = 620, HEIGHT = 460, LEFT = 84, RIGHT = 24, TOP = 24, BOTTOM = 64, STRIP = 30 };
enum { TEXT = 10, TITLE = 11, MOST_DOTS = 70 };

static const Colour white = { { 1, 1, 1 } }, ink = { { 0.2F, 0.2F, 0.2F } },
                    grid = { { 0.89F, 0.89F, 0.89F } };

// Okabe & Ito's, which people who confuse red and green can tell apart.
static const Colour palette[] = {
    { { 0.00F, 0.45F, 0.70F } }, { { 0.84F, 0.37F, 0.00F } }, { { 0.00F, 0.62F, 0.45F } },
    { { 0.80F, 0.47F, 0.65F } }, { { 0.90F, 0.62F, 0.00F } }, { { 0.34F, 0.71F, 0.91F } },
};

static Colour colour_of(size_t curve)
{
    return palette[curve % G_N_ELEMENTS(palette)];
}

// A chart's place in the picture.
typedef struct {
    SfmImage *image;
    const Chart *chart;
    ChartRange range;
    double left, right, top, bottom; // of the frame
    double lowest;                   // where the least level lies, above the strip of 0
} Frame;

static Spot spot_of(const Frame *f, double x, double y)
{
    const double across = f->left + chart_x(&f->range, x) * (f->right - f->left);
    const double head = f->top + 12;
    return (Spot){ across,
                   y > 0 ? f->lowest - chart_y(&f->range, y) * (f->lowest - head) : f->bottom };
}

static void rule(const Frame *f, double x0, double y0, double x1, double y1, Colour colour)
{
    // through the middle of pixels, so that it is one wide
    canvas_line(f->image, (Spot){ floor(x0) + 0.5, floor(y0) + 0.5 },
                (Spot){ floor(x1) + 0.5, floor(y1) + 0.5 }, 1, colour);
}

static void label_left(const Frame *f, double y, const char *text)
{
    const Spot at = { f->left - 10 - canvas_text_width(TEXT, text), y + TEXT / 2.0 };
    canvas_text(f->image, at, TEXT, false, text, ink);
}

static void draw_y_axis(const Frame *f)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (double tick = chart_next_tick(&f->range, 0); tick > 0;
         tick = chart_next_tick(&f->range, tick)) {
        const double y = spot_of(f, 0, tick).y;
        rule(f, f->left, y, f->right, y, grid);
        label_left(f, y, g_ascii_formatd(text, sizeof text, "%g", tick));
    }
    if (f->range.has_zero)
        label_left(f, f->bottom, "0");
    const double length = canvas_text_width(TITLE, f->chart->y_title);
    canvas_text(f->image, (Spot){ f->left - 56, (f->top + f->bottom + length) / 2 }, TITLE, true,
                f->chart->y_title, ink);
}

static void draw_x_axis(const Frame *f)
{
    const double step = chart_step(f->range.x_max, X_TICKS);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (double tick = 0; tick <= f->range.x_max * 1.0001; tick += step) {
        const double x = spot_of(f, tick, 0).x;
        g_ascii_formatd(text, sizeof text, "%g", tick);
        rule(f, x, f->top, x, f->bottom, grid);
        canvas_text(f->image,
                    (Spot){ x - canvas_text_width(TEXT, text) / 2, f->bottom + 10 + TEXT }, TEXT,
                    false, text, ink);
    }
    const double length = canvas_text_width(TITLE, f->chart->x_title);
    canvas_text(f->image, (Spot){ (f->left + f->right - length) / 2, f->bottom + 48 }, TITLE, false,
                f->chart->x_title, ink);
}

static void draw_border(const Frame *f)
{
    rule(f, f->left, f->top, f->left, f->bottom, ink);
    rule(f, f->left, f->bottom, f->right, f->bottom, ink);
}

static void draw_curve(const Frame *f, const Curve *curve, Colour colour)
{
    for (size_t i = 0; i < curve->num; i++) {
        const Spot at = spot_of(f, curve->x[i], curve->y[i]);
        if (i > 0)
            canvas_line(f->image, spot_of(f, curve->x[i - 1], curve->y[i - 1]), at, 1.6, colour);
        if (curve->num <= MOST_DOTS)
            canvas_line(f->image, at, at, 5.5, colour);
    }
}

// In the corner that falling and rising curves leave free.
static void draw_legend(const Frame *f)
{
    for (size_t c = 0; c < f->chart->num; c++) {
        const double y = f->lowest - 18.0 * (double)(f->chart->num - c), x = f->left + 18;
        canvas_line(f->image, (Spot){ x, y - 4 }, (Spot){ x + 24, y - 4 }, 2, colour_of(c));
        canvas_line(f->image, (Spot){ x + 12, y - 4 }, (Spot){ x + 12, y - 4 }, 6, colour_of(c));
        canvas_text(f->image, (Spot){ x + 36, y + 1 }, TEXT, false, f->chart->curves[c].name, ink);
    }
}

static void draw_chart(SfmImage *image, const Chart *chart, double left, bool legend)
{
    Frame f = {
        .image = image,
        .chart = chart,
        .range = chart_range(chart),
        .left = left + LEFT,
        .right = left + WIDTH - RIGHT,
        .top = TOP,
        .bottom = HEIGHT - BOTTOM,
    };
    f.lowest = f.bottom - (f.range.has_zero ? STRIP : 12);
    draw_y_axis(&f);
    draw_x_axis(&f);
    draw_border(&f);
    for (size_t c = 0; c < chart->num; c++)
        draw_curve(&f, &chart->curves[c], colour_of(c));
    if (legend)
        draw_legend(&f);
}

void chart_draw(SfmImage *image, const Chart *charts, size_t num)
{
    canvas_init(image, WIDTH * (int)num, HEIGHT, white);
    for (size_t i = 0; i < num; i++)
        draw_chart(image, &charts[i], (double)(WIDTH * i), i == 0);
}
