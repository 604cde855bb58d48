// Numbers without blocks and scales: F32, F16, BF16, and those that are rare in files: F64 and integers. Converts
// sixteen weights at a time to floats.
#pragma once
#include "../lanes.h"

INLINE f32x16 widen_f32(const void *weights) { return f32x16_load(weights); }

INLINE f32x16 widen_f16(const void *weights) {
    u16x16 half;
    memcpy(&half, weights, sizeof half);
    return f32x16_from_f16(half);
}

/// BF16 is the upper half of an F32.
INLINE f32x16 widen_bf16(const void *weights) {
    u16x16 upper;
    memcpy(&upper, weights, sizeof upper);
    return (f32x16)(__builtin_convertvector(upper, u32x16) << 16);
}

/// Rounds to nearest; an F64 beyond the range of F32 becomes infinite.
#define WIDEN(suffix, element)                                                                                         \
    INLINE f32x16 widen_##suffix(const void *weights) {                                                                \
        typedef element many __attribute__((vector_size(sizeof(element) * LANES)));                                    \
        many numbers;                                                                                                  \
        memcpy(&numbers, weights, sizeof numbers);                                                                     \
        return __builtin_convertvector(numbers, f32x16);                                                               \
    }
WIDEN(f64, double)
WIDEN(i8, int8_t)
WIDEN(i16, int16_t)
WIDEN(i32, int32_t)
WIDEN(i64, int64_t)
#undef WIDEN
