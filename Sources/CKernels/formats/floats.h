// F32, F16 and BF16: no blocks, no scales. Converts sixteen weights at a time to floats.
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
