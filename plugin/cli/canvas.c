// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas.h"

#include <math.h>

#include "glyphs.h"

void canvas_init(SfmImage *image, int width, int height, Colour colour)
{
    const size_t num = (size_t)width * (size_t)height;
    *image = (SfmImage){ .width = width, .height = height, .channels = 3 };
    image->pixels = g_new(float, num * 3);
    for (size_t i = 0; i < num; i++) {
        for (int c = 0; c < 3; c++)
            image->pixels[i * 3 + (size_t)c] = colour.of[c];
    }
}

static double distance(Spot p, Spot from, Spot to)
{
    const double dx = to.x - from.x, dy = to.y - from.y, length = dx * dx + dy * dy;
    const double along = (p.x - from.x) * dx + (p.y - from.y) * dy;
    const double u = length > 0 ? CLAMP(along / length, 0, 1) : 0;
    return hypot(p.x - from.x - u * dx, p.y - from.y - u * dy);
}

static void blend(float *pixel, Colour colour, double share)
{
    for (int c = 0; c < 3; c++)
        pixel[c] += (float)share * (colour.of[c] - pixel[c]);
}

// Of a pixel whose centre is half a pixel within the edge all is covered, half a
// pixel outside none: right for edges along the axes, and near enough for others.
void canvas_line(SfmImage *image, Spot from, Spot to, double width, Colour colour)
{
    const double reach = width / 2 + 1;
    const int left = (int)fmax(floor(fmin(from.x, to.x) - reach), 0);
    const int top = (int)fmax(floor(fmin(from.y, to.y) - reach), 0);
    const int right = (int)fmin(ceil(fmax(from.x, to.x) + reach), image->width);
    const int bottom = (int)fmin(ceil(fmax(from.y, to.y) + reach), image->height);
    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
            const Spot centre = { x + 0.5, y + 0.5 };
            const double share = CLAMP((width + 1) / 2 - distance(centre, from, to), 0, 1);
            if (share > 0)
                blend(image->pixels + 3 * ((size_t)y * (size_t)image->width + (size_t)x), colour,
                      fmin(share, width));
        }
    }
}

// ---- text -------------------------------------------------------------------

enum { CAPITAL = 8, GAP = 2 }; // units of the glyphs: height of a capital, space between two

// The spot of a glyph's point, `across` units from the beginning of the text.
static Spot place(Spot at, double unit, bool turned, double across, const char *point)
{
    const double x = unit * (across + point[0] - '0'), y = unit * (point[1] - GLYPH_BASE);
    return turned ? (Spot){ at.x - y, at.y - x } : (Spot){ at.x + x, at.y - y };
}

// Strokes are separated by spaces, points are two letters.
static void draw_glyph(SfmImage *image, Spot at, double unit, bool turned, double across,
                       const char *glyph, Colour colour)
{
    const double width = fmax(unit, 1);
    for (const char *point = glyph; *point; point += *point == ' ' ? 1 : 2) {
        if (*point == ' ')
            continue;
        const bool has_next = point[2] != ' ' && point[2] != '\0';
        const bool alone = !has_next && (point == glyph || point[-1] == ' ');
        const Spot from = place(at, unit, turned, across, point);
        if (has_next)
            canvas_line(image, from, place(at, unit, turned, across, point + 2), width, colour);
        else if (alone)
            canvas_line(image, from, from, 1.5 * width, colour);
    }
}

static double glyph_width(const char *glyph)
{
    int most = 0;
    for (const char *point = glyph; *point; point += *point == ' ' ? 1 : 2)
        most = *point == ' ' ? most : MAX(most, *point - '0');
    return *glyph ? most : GAP; // a space has no strokes
}

void canvas_text(SfmImage *image, Spot at, double size, bool turned, const char *text,
                 Colour colour)
{
    double across = 0;
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        const char *glyph = glyph_of(g_utf8_get_char(c));
        draw_glyph(image, at, size / CAPITAL, turned, across, glyph, colour);
        across += glyph_width(glyph) + GAP;
    }
}

double canvas_text_width(double size, const char *text)
{
    double across = 0;
    for (const char *c = text; *c; c = g_utf8_next_char(c))
        across += glyph_width(glyph_of(g_utf8_get_char(c))) + GAP;
    return size / CAPITAL * fmax(across - GAP, 0);
}
