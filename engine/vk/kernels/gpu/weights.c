// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/kernels/gpu/weights.h"

#include "vk/kernels/gpu/half.h"
#include "vk/kernels/launch.h"

// Values of weights and biases, pads included: [parts, K K, C, O] and [parts, O].
static size_t value_count(const SfmCall *call, int i)
{
    const uint32_t *w = call->in[1].dim; // [P O, C, K, K]
    const size_t outputs = (size_t)parts_of(call) * quads_of(call->out[0]) * 4;
    return i == 2 ? outputs : outputs * w[2] * w[3] * quads_of(call->in[0]) * 4;
}

size_t sfm_gpu_packed_count_floats(const SfmCall *call, int i)
{
    return value_count(call, i);
}

size_t sfm_gpu_packed_count_halves(const SfmCall *call, int i)
{
    return i == 1 ? value_count(call, i) / 2 : value_count(call, i); // a multiple of 16
}

static void pack_bias(const SfmCall *call, const float *plain, float *packed)
{
    const uint32_t outputs = call->out[0].dim[1], padded = quads_of(call->out[0]) * 4;

    memset(packed, 0, value_count(call, 2) * sizeof(float));
    for (uint32_t part = 0; part < parts_of(call); part++)
        memcpy(packed + part * padded, plain + part * outputs, outputs * sizeof(float));
}

// Goes in the order of what it writes, which may be memory across a bus.
static void pack_weights(const SfmCall *call, bool halves, const float *plain, void *packed)
{
    const uint32_t *w = call->in[1].dim, outputs = call->out[0].dim[1];
    const uint32_t taps = w[2] * w[3], channels = w[1];
    const uint32_t padded = quads_of(call->in[0]) * 4, out_padded = quads_of(call->out[0]) * 4;
    const size_t rows = (size_t)parts_of(call) * taps * padded;
    float *as_floats = packed;
    uint16_t *as_halves = packed;

    for (size_t row = 0; row < rows; row++) {
        const size_t part = row / padded / taps, tap = row / padded % taps, c = row % padded;
        for (uint32_t o = 0; o < out_padded; o++) {
            const bool there = o < outputs && c < channels;
            const float value =
                there ? plain[((part * outputs + o) * channels + c) * taps + tap] : 0;
            if (halves)
                *as_halves++ = sfm_half_from_float(value);
            else
                *as_floats++ = value;
        }
    }
}

void sfm_gpu_pack_halves(const SfmCall *call, int i, const float *plain, float *packed)
{
    if (i == 2)
        pack_bias(call, plain, packed);
    else
        pack_weights(call, true, plain, packed);
}

void sfm_gpu_pack_floats(const SfmCall *call, int i, const float *plain, float *packed)
{
    if (i == 2)
        pack_bias(call, plain, packed);
    else
        pack_weights(call, false, plain, packed);
}
