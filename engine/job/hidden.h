// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_HIDDEN_H
#define SFM_JOB_HIDDEN_H

#include <sfumato/engine.h>

#include "base/cancel.h"

// Colours under an alpha of 0, which nobody sees: black as often as what was
// erased. A network that saw them would draw them into what is beside them.

// The picture's pixels with colours there that go on smoothly from those around,
// for the network's eyes. *filled is NULL where there is nothing to fill; else
// free it with g_free(). A picture of which nothing can be seen stays as it is.
// False: no memory, or cancelled, which is looked at row by row; NULL never cancels.
bool sfm_hidden_fill(const SfmPicture *picture, float **filled, SfmCancel *cancel, GError **error);

// Gives an image, of the same size and channels, the picture's own colours to the bit
// where nobody sees either. False: cancelled.
bool sfm_hidden_keep(const SfmPicture *picture, SfmImage *image, SfmCancel *cancel, GError **error);

// Whether nobody sees pixel i.
bool sfm_hidden_at(const SfmPicture *picture, size_t i);

#endif
