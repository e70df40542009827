// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/philox.h"

#include "params/normal.h"
#include "params/philox.h"

void sfm_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    const PhiloxBlock block = { counter[0], counter[1], counter[2], counter[3] };
    const PhiloxBlock words = philox(block, (PhiloxKey){ key[0], key[1] });

    out[0] = words.word0;
    out[1] = words.word1;
    out[2] = words.word2;
    out[3] = words.word3;
}

void sfm_philox_normals(SfmNoiseKey key, float *out, size_t count)
{
    sfm_philox_normals_from(key, 0, out, count);
}

void sfm_philox_normals_from(SfmNoiseKey key, size_t first, float *out, size_t count)
{
    for (size_t i = 0; i < count; i += 4) {
        const PhiloxBlock words =
            noise_words(key.seed, key.image, key.step, key.stream, (uint32_t)((first + i) / 4));
        const NormalPair a = normal_pair(words.word0, words.word1);
        const NormalPair b = normal_pair(words.word2, words.word3);
        const float four[4] = { a.cosine, a.sine, b.cosine, b.sine };

        for (size_t j = 0; j < 4 && i + j < count; j++)
            out[i + j] = four[j];
    }
}
