// SPDX-License-Identifier: GPL-3.0-or-later
//
// The noise: Philox against its published vectors, the transform against the
// mathematics, and the normals against what normals must look like.
//
// The seeds are fixed, so each test passes always or never. Limits are four
// standard deviations of what true normals would show: such a test fails for
// one seed in 16,000.

#include "base/philox.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "params/normal.h"

#define COUNT (1 << 20) // of normals in a sample: deviations shrink as 2^-10

static const SfmNoiseKey plain_key = { .seed = 2023, .image = 3, .step = 14, .stream = 1 };

static float *draw(SfmNoiseKey key)
{
    float *z = g_new(float, COUNT);

    sfm_philox_normals(key, z, COUNT);
    return z;
}

static void assert_block(uint32_t counter_word, uint32_t key_word, const uint32_t want[4])
{
    const uint32_t counter[4] = { counter_word, counter_word, counter_word, counter_word };
    uint32_t got[4];

    sfm_philox4x32(counter, (const uint32_t[]){ key_word, key_word }, got);
    g_assert_cmpmem(got, sizeof(got), want, 4 * sizeof(uint32_t));
}

// From kat_vectors of Random123, the authors' own library.
static void gives_the_published_words(void)
{
    const uint32_t pi_counter[] = { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 };
    const uint32_t pi_key[] = { 0xa4093822, 0x299f31d0 };
    const uint32_t of_pi[] = { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 };
    uint32_t got[4];

    assert_block(0, 0, (const uint32_t[]){ 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 });
    assert_block(~0u, ~0u, (const uint32_t[]){ 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd });
    sfm_philox4x32(pi_counter, pi_key, got);
    g_assert_cmpmem(got, sizeof(got), of_pi, sizeof(of_pi));
}

// Elements 4 to 6, in block 1, and no write behind the last.
static void keys_an_element_by_all_that_it_is_known_by(void)
{
    const SfmNoiseKey key = { .seed = 1, .image = 2, .step = 3, .stream = 4 };
    const uint32_t counter[] = { 1, 2, 3, 0 };
    uint32_t words[4];
    float z[8] = { [7] = 42 };

    sfm_philox4x32(counter, (const uint32_t[]){ 1, 4 }, words);
    sfm_philox_normals(key, z, 7);
    g_assert_cmpfloat(z[4], ==, normal_pair(words[0], words[1]).cosine);
    g_assert_cmpfloat(z[5], ==, normal_pair(words[0], words[1]).sine);
    g_assert_cmpfloat(z[6], ==, normal_pair(words[2], words[3]).cosine);
    g_assert_cmpfloat(z[7], ==, 42);
}

// Half a unit in the last place of what float `z` rounds to, and 2^-26 for all
// of the arithmetic before.
static void assert_close(double want, float got, uint32_t radius, uint32_t angle)
{
    const double rounding = ldexp(1.0, ilogb(got) - 24);

    if (fabs(want - got) > rounding + ldexp(1.0, -26))
        g_error("words %08x %08x: got %.9g, want %.9g", radius, angle, got, want);
}

// Box and Muller in double precision, of the middle of each word's interval.
static void check_pair(uint32_t radius, uint32_t angle)
{
    const double rest = (4294967295.5 - radius) / 4294967296.0; // 1 - u, without cancellation
    const double u = (radius + 0.5) / 4294967296.0;
    const double r = sqrt(-2 * (u < 0.5 ? log(u) : log1p(-rest)));
    const double a = ((angle & 0x3fffffff) + 0.5) / 1073741824.0 * G_PI / 2;
    const NormalPair got = normal_pair(radius, angle);

    assert_close(angle & 0x80000000 ? -r * cos(a) : r * cos(a), got.cosine, radius, angle);
    assert_close(angle & 0x40000000 ? -r * sin(a) : r * sin(a), got.sine, radius, angle);
}

static void is_the_exact_transform_to_2_to_the_minus_26(void)
{
    for (uint32_t i = 0; i < 500000; i++) {
        uint32_t w[4];
        sfm_philox4x32((const uint32_t[]){ i, 0, 0, 0 }, (const uint32_t[]){ 0, 0 }, w);
        check_pair(w[0], w[1]);
        check_pair(w[2] >> w[0] % 32, w[1]);    // the tail: small u, large radius
        check_pair(~(w[2] >> w[0] % 32), w[1]); // the centre: u near 1, small radius
        check_pair(w[2], w[3] >> w[0] % 30);    // a sine near zero
    }
}

static void is_exact_at_the_ends_and_where_the_formulas_meet(void)
{
    static const uint32_t edge[] = { 0,          1,          0x3fffffff, 0x40000000, 0x7ffffffe,
                                     0x7fffffff, 0x80000000, 0x80000001, 0xbfffffff, 0xc0000000,
                                     0xfffffffe, 0xffffffff, 0x20000000, 0x1fffffff };

    for (size_t i = 0; i < G_N_ELEMENTS(edge); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(edge); j++)
            check_pair(edge[i], edge[j]);
    }
}

// u = 2^-33 gives sqrt(66 ln 2) = 6.7637.
static void reaches_beyond_six_sigma(void)
{
    g_assert_cmpfloat_with_epsilon(normal_pair(0, 0).cosine, sqrt(66 * log(2)), 1e-6);
    g_assert_cmpfloat_with_epsilon(normal_pair(0, 0xffffffff).sine, -sqrt(66 * log(2)), 1e-6);
}

static void is_symmetric_to_the_bit(void)
{
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t w[4];
        sfm_philox4x32((const uint32_t[]){ i, 0, 0, 0 }, (const uint32_t[]){ 0, 0 }, w);
        const NormalPair pair = normal_pair(w[0], w[1]);
        const NormalPair opposite = normal_pair(w[0], w[1] ^ 0xc0000000);
        const NormalPair mirrored = normal_pair(w[0], w[1] ^ 0x3fffffff);

        g_assert_cmpfloat(pair.cosine, ==, -opposite.cosine);
        g_assert_cmpfloat(pair.sine, ==, -opposite.sine);
        g_assert_cmpfloat(fabsf(pair.cosine), ==, fabsf(mirrored.sine));
        g_assert_cmpfloat(fabsf(pair.sine), ==, fabsf(mirrored.cosine));
    }
}

// The mean of a power of n normals deviates by sqrt((E z^2p - (E z^p)^2) / n).
static void assert_moment(const float *z, int power, double want, double variance)
{
    double sum = 0;
    for (size_t i = 0; i < COUNT; i++)
        sum += pow(z[i], power);
    g_assert_cmpfloat_with_epsilon(sum / COUNT, want, 4 * sqrt(variance / COUNT));
}

// E z^2, z^4, z^6, z^8 = 1, 3, 15, 105; odd powers give 0.
static void has_the_moments_of_a_normal(void)
{
    g_autofree float *z = draw(plain_key);

    assert_moment(z, 1, 0, 1);
    assert_moment(z, 2, 1, 3 - 1);
    assert_moment(z, 3, 0, 15);
    assert_moment(z, 4, 3, 105 - 9);
}

// Phi(z), to which normals are uniform.
static double normal_cdf(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

// 256 bins of equal probability: chi^2 has 255 degrees of freedom, mean 255 and
// variance 510. Too even is as wrong as too uneven.
static void fills_bins_of_equal_probability_evenly(void)
{
    g_autofree float *z = draw(plain_key);
    unsigned bins[256] = { 0 };
    double chi2 = 0;

    for (size_t i = 0; i < COUNT; i++)
        bins[(int)(normal_cdf(z[i]) * 256)]++;
    for (int i = 0; i < 256; i++)
        chi2 += pow(bins[i] - COUNT / 256.0, 2) / (COUNT / 256.0);
    g_assert_cmpfloat_with_epsilon(chi2, 255, 4 * sqrt(510));
}

static int compare_floats(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

// Kolmogorov and Smirnov: the largest distance D of the two distributions has
// P(D sqrt(n) > d) = 2 exp(-2 d^2), which is 1 in 16,000 at d = 2.28.
static void follows_the_normal_distribution(void)
{
    g_autofree float *z = draw(plain_key);
    double distance = 0;

    qsort(z, COUNT, sizeof(*z), compare_floats);
    for (size_t i = 0; i < COUNT; i++) {
        const double cdf = normal_cdf(z[i]);
        distance = fmax(distance, fmax((i + 1.0) / COUNT - cdf, cdf - (double)i / COUNT));
    }
    g_assert_cmpfloat(distance * sqrt(COUNT), <, 2.28);
}

// Beyond t on both sides lie erfc(t / sqrt(2)) of all, and their number
// deviates by its root, nearly.
static void has_the_tails_of_a_normal(void)
{
    g_autofree float *z = draw(plain_key);

    for (double t = 1; t <= 4.5; t += 0.5) {
        const double want = COUNT * erfc(t / sqrt(2));
        double found = 0;
        for (size_t i = 0; i < COUNT; i++)
            found += fabs(z[i]) > t;
        g_assert_cmpfloat_with_epsilon(found, want, 4 * sqrt(want));
    }
}

// The correlation of n independent pairs deviates by 1 / sqrt(n), and so does
// that of their squares, which shows what pairs of one radius might share.
static void assert_uncorrelated(const float *a, const float *b, size_t count)
{
    double product = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        product += (double)a[i] * b[i];
        squares += ((double)a[i] * a[i] - 1) * ((double)b[i] * b[i] - 1) / 2;
    }
    g_assert_cmpfloat_with_epsilon(product / count, 0, 4 / sqrt(count));
    g_assert_cmpfloat_with_epsilon(squares / count, 0, 4 / sqrt(count));
}

static void draws_neighbouring_elements_independently(void)
{
    g_autofree float *z = draw(plain_key);
    static const size_t distance[] = { 1, 2, 3, 4, 8, 32, 256, 65536 };

    for (size_t i = 0; i < G_N_ELEMENTS(distance); i++)
        assert_uncorrelated(z, z + distance[i], COUNT - distance[i]);
}

static void draws_neighbouring_images_steps_streams_and_seeds_independently(void)
{
    const SfmNoiseKey k = plain_key;
    const SfmNoiseKey others[] = {
        { k.seed, k.image + 1, k.step, k.stream },        { k.seed, k.image, k.step + 1, k.stream },
        { k.seed, k.image, k.step, k.stream + 1 },        { k.seed + 1, k.image, k.step, k.stream },
        { k.seed ^ 1u << 30, k.image, k.step, k.stream }, { k.seed, k.step, k.image, k.stream },
    };
    g_autofree float *z = draw(k);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree float *other = draw(others[i]);
        assert_uncorrelated(z, other, COUNT);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/base/philox/" #name, name)
    TEST(gives_the_published_words);
    TEST(keys_an_element_by_all_that_it_is_known_by);
    TEST(is_the_exact_transform_to_2_to_the_minus_26);
    TEST(is_exact_at_the_ends_and_where_the_formulas_meet);
    TEST(reaches_beyond_six_sigma);
    TEST(is_symmetric_to_the_bit);
    TEST(has_the_moments_of_a_normal);
    TEST(fills_bins_of_equal_probability_evenly);
    TEST(follows_the_normal_distribution);
    TEST(has_the_tails_of_a_normal);
    TEST(draws_neighbouring_elements_independently);
    TEST(draws_neighbouring_images_steps_streams_and_seeds_independently);
    return g_test_run();
}
