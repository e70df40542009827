// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/dtype.h"

#include <string.h>

static const struct {
    const char *name, *storage;
    size_t size;
} dtypes[] = {
    [SFM_DTYPE_F32] = { "F32", "FloatStorage", 4 },
    [SFM_DTYPE_F64] = { "F64", "DoubleStorage", 8 },
    [SFM_DTYPE_F16] = { "F16", "HalfStorage", 2 },
    [SFM_DTYPE_BF16] = { "BF16", "BFloat16Storage", 2 },
    [SFM_DTYPE_I64] = { "I64", "LongStorage", 8 },
    [SFM_DTYPE_I32] = { "I32", "IntStorage", 4 },
    [SFM_DTYPE_U8] = { "U8", "ByteStorage", 1 },
};

const char *sfm_dtype_name(SfmDtype dtype)
{
    return dtypes[dtype].name;
}

size_t sfm_dtype_size(SfmDtype dtype)
{
    return dtypes[dtype].size;
}

bool sfm_dtype_from_name(const char *name, SfmDtype *dtype)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dtypes); i++) {
        if (strcmp(dtypes[i].name, name) == 0) {
            *dtype = (SfmDtype)i;
            return true;
        }
    }
    return false;
}

bool sfm_dtype_from_storage(const char *storage, SfmDtype *dtype)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dtypes); i++) {
        if (strcmp(dtypes[i].storage, storage) == 0) {
            *dtype = (SfmDtype)i;
            return true;
        }
    }
    return false;
}

static uint16_t load16(const uint8_t *bytes)
{
    uint16_t word;
    memcpy(&word, bytes, sizeof(word));
    return GUINT16_FROM_LE(word);
}

static uint32_t load32(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof(word));
    return GUINT32_FROM_LE(word);
}

static uint64_t load64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    return GUINT64_FROM_LE(word);
}

static float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. Exact.
static float widen_half(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t exponent = (half >> 10) & 0x1f;
    const uint32_t fraction = half & 0x3ff;

    if (exponent == 0x1f) // infinity and NaN
        return float_of_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent == 0) { // zero and subnormals: fraction * 2^-24
        const float magnitude = (float)fraction * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    return float_of_bits(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

static float element_to_float(SfmDtype dtype, const uint8_t *bytes)
{
    switch (dtype) {
    case SFM_DTYPE_F32:
        return float_of_bits(load32(bytes));
    case SFM_DTYPE_F64:
        return (float)double_of_bits(load64(bytes));
    case SFM_DTYPE_F16:
        return widen_half(load16(bytes));
    case SFM_DTYPE_BF16:
        return float_of_bits((uint32_t)load16(bytes) << 16);
    case SFM_DTYPE_I64:
        return (float)(int64_t)load64(bytes);
    case SFM_DTYPE_I32:
        return (float)(int32_t)load32(bytes);
    case SFM_DTYPE_U8:
        return (float)bytes[0];
    }
    g_assert_not_reached();
}

void sfm_dtype_to_float(SfmDtype dtype, const uint8_t *bytes, size_t stride, float *out,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = element_to_float(dtype, bytes + i * stride);
}
