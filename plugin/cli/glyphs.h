// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_GLYPHS_H
#define SFM_CLI_GLYPHS_H

#include <glib.h>

// A font of strokes: enough to label a chart. A glyph is its strokes, separated by
// spaces; a stroke is its points; a point two letters, the units from the left,
// '0' and on, and those upwards, 'a' and on. A capital is 8 units high.
#define GLYPH_BASE 'd' // the letter of the base line

// That of a character; a box for what the font lacks.
const char *glyph_of(gunichar character);

#endif
