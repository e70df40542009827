// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one thing of host.h in which the two GIMPs do not differ.
#include "gimp/host.h"

void sfm_host_layer_free(SfmHostLayer *layer)
{
    if (!layer)
        return;
    g_free(layer->name);
    g_free(layer);
}
