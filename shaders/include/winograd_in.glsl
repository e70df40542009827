// SPDX-License-Identifier: GPL-3.0-or-later
// B^T d B of TILES neighbouring tiles of a plane of SOURCE, an imageBuffer, to
// `spectrum`, whose texels are stored TILES at a time. Tiles step by SIZE and start
// one pixel outside. What lies further out than that counts for nothing. The shader
// has divide.glsl, outside.glsl and stored.glsl, in its p what the globals take, and as
// DOUBLED whether SOURCE holds the map half as high and wide as it is seen: 1 or 0.

#include "include/winograd.glsl"
#include "include/wrap.glsl"

#define COLUMNS (TILES * SIZE + 2)

// Named in a loop, push constants are gathered there, lane by lane.
uint row_tiles = p.row_tiles;
float inverse_row_tiles = p.inverse_row_tiles;
uint height = p.height, width = p.width;
uint doubled = DOUBLED, given_height = height >> doubled, given_width = width >> doubled;
uint wrap_height = p.wrap_height, wrap_width = p.wrap_width;
uint frequency_stride = p.frequency_stride;

// From tile `tile` of an image on, if it is one: `first` is the plane's first texel,
// `to` the tile's of the spectrum's first frequency.
void transform_in(uint tile, bool is_one, int first, uint to)
{
    const uint tile_row = divide(tile, row_tiles, inverse_row_tiles);
    const int top = int(tile_row * SIZE) - 1;
    const int left = int((tile - tile_row * row_tiles) * SIZE) - 1;

    // Two that are OUTSIDE make a sum that is, too.
    int row_at[SPAN];
    [[unroll]] for (int i = 0; i < SPAN; i++) {
        const uint row = wrapped(uint(top + i), wrap_height);
        row_at[i] =
            row < height && is_one ? first + int((row >> doubled) * given_width) : OUTSIDE;
    }

    vec4 d[COLUMNS][SPAN]; // [column][row]
    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
        const uint column = wrapped(uint(left + j), wrap_width);
        const int column_at = column < width ? int(column >> doubled) : OUTSIDE;
        [[unroll]] for (int i = 0; i < SPAN; i++)
            d[j][i] = imageLoad(SOURCE, row_at[i] + column_at);
        spread(d[j]);
    }

    if (is_one) {
        [[unroll]] for (int i = 0; i < SPAN; i++) {
            vec4 row[TILES][SPAN];
            [[unroll]] for (int t = 0; t < TILES; t++) {
                [[unroll]] for (int j = 0; j < SPAN; j++)
                    row[t][j] = d[t * SIZE + j][i];
                spread(row[t]);
            }
            [[unroll]] for (int j = 0; j < SPAN; j++) {
                const uint at = (to + (i * SPAN + j) * frequency_stride) / TILES;
#if TILES == 2
                spectrum[at] = stored(row[0][j], row[1][j]);
#else
                spectrum[at] = stored(row[0][j]);
#endif
            }
        }
    }
}
