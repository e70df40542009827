// SPDX-License-Identifier: GPL-3.0-or-later
// A place of an axis, brought back if it lies up to `length` beyond either end. One
// before the start arrives as a huge number, as unsigned ones do, and so it stays
// where `length` is 0: the axis ends there. Of the two sums, the one that wraps
// past 2^32 in the wrong direction is the larger.

uint wrapped(uint place, uint length)
{
    place = min(place, place + length);
    return min(place, place - length);
}
