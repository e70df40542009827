// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_CANVAS_H
#define SFM_CLI_CANVAS_H

#include <sfumato/engine.h>

// An RGB picture to draw on, smoothly: a pixel takes as much of a colour as of
// it lies within the shape. Pixel (0, 0), its centre at (0.5, 0.5), is the top
// left one. What lies outside is left out.
typedef struct {
    float of[3]; // 0 .. 1, sRGB
} Colour;

typedef struct {
    double x, y; // in pixels
} Spot;

// Fills `image`, which is zeroed, with one colour. The caller clears it.
void canvas_init(SfmImage *image, int width, int height, Colour colour);

// A line with round ends; a disc, where both ends are one spot.
void canvas_line(SfmImage *image, Spot from, Spot to, double width, Colour colour);

// A text in the canvas's own font, its capitals `size` pixels high, with the left
// end of its base line at the spot; turned, it runs upwards from there.
void canvas_text(SfmImage *image, Spot at, double size, bool turned, const char *text,
                 Colour colour);

// How long that is, in pixels.
double canvas_text_width(double size, const char *text);

#endif
