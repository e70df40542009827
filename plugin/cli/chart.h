// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_CHART_H
#define SFM_CLI_CHART_H

#include <stdio.h>

#include <sfumato/engine.h>

// Curves over one x axis, y on a logarithmic scale with a place for 0 at its foot.
typedef struct {
    const char *name;
    size_t num;      // of points
    const double *x; // [num], 0 or more, finite
    const double *y; // [num], likewise
} Curve;

typedef struct {
    const char *x_title, *y_title;
    const Curve *curves; // [num]; borrowed, as all of this
    size_t num;
} Chart;

// What the curves span, with some room. y_min is below the least that is above 0.
typedef struct {
    double x_max, y_min, y_max;
    bool has_zero;
} ChartRange;

ChartRange chart_range(const Chart *chart);

// Where a value lies between the ends: 0 to 1, to the right and upwards. Not for
// y = 0.
double chart_x(const ChartRange *range, double x);
double chart_y(const ChartRange *range, double y);

// 1, 2 or 5 times a power of ten, so that about `num` of them reach x_max.
double chart_step(double x_max, int num);

// The labelled values of the y axis, rising: the first after a value; 0: there are
// no more. Powers of ten; where there are few of those, 2 and 5 times them too.
double chart_next_tick(const ChartRange *range, double after);

// The charts side by side in a picture, which the caller clears.
void chart_draw(SfmImage *image, const Chart *charts, size_t num);

// One chart in `width` columns; in Unicode's braille, and in colours, or in ASCII.
void chart_print(FILE *file, const Chart *chart, int width, bool braille, bool colours);

#endif
