// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_MIRRORS_H
#define SFM_JOB_MIRRORS_H

#include "plan/runner.h"

// A network asked several times: of a picture and of its mirror images. Its mean
// answer errs less than each, by what it owes to the direction it looks from.
typedef struct SfmMirrors SfmMirrors;

enum { SFM_MAX_MIRRORS = 4 };

// `num` (1 .. SFM_MAX_MIRRORS) of pictures of `shape`, which are answered with
// `out_channels`. `runner` and `cancel` are borrowed and outlive them; the latter is looked at
// between rows, and NULL never cancels. NULL: no memory.
SfmMirrors *sfm_mirrors_new(SfmRunner *runner, SfmShape shape, uint32_t out_channels, int num,
                            SfmCancel *cancel, GError **error);

// NULL is a no-op.
void sfm_mirrors_free(SfmMirrors *mirrors);

int sfm_mirrors_num(const SfmMirrors *mirrors);

// Picture k of `sample`; 0, which must come first, is `sample` itself. The buffer
// is owned by the mirrors, and good until the next call.
SfmBuffer *sfm_mirrors_turn(SfmMirrors *mirrors, int k, SfmBuffer *sample, GError **error);

// Takes the answer to picture k, in their order. Behind the last one the mean of
// all lies in `out`, the right way round.
bool sfm_mirrors_take(SfmMirrors *mirrors, int k, SfmBuffer *out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmMirrors, sfm_mirrors_free)

#endif
