// Weights that are multiplied as floats: F32, F16, BF16, those that are rare in files (F64 and integers), and F8 with a
// scale for each block. Converts sixteen weights at a time.
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

/// F8 as checkpoints have it (E4M3, without infinities), with the scale of 64 weights of a row in front of them. This
/// is no type of ggml's: files keep the scales in a tensor of their own.
struct block_f8_e4m3 {
    float scale;
    uint8_t q[64];
};
_Static_assert(sizeof(struct block_f8_e4m3) == 68, "bytes of a block of F8");

/// Four bits of exponent and three of mantissa are shifted into the fields of a half, and a power of two adjusts the
/// exponent, also of denormals. Seven ones are NaN.
INLINE f32x16 widen_f8_e4m3(const void *weights) {
    u8x16 bytes;
    memcpy(&bytes, weights, sizeof bytes);
    const u16x16 wide = __builtin_convertvector(bytes, u16x16), magnitude = wide & 0x7f;
    const u16x16 nan = (u16x16)(magnitude == 0x7f) & 0x7e00;
    return f32x16_from_f16((wide & 0x80) << 8 | magnitude << 7 | nan) * 256.0f;
}

/// The sixteen weights of a row from `i` on.
#define FLOATS_AT(suffix, bytes)                                                                                       \
    INLINE f32x16 floats_##suffix(const uint8_t *row, int64_t i) { return widen_##suffix(row + (size_t)i * bytes); }
FLOATS_AT(f32, 4)
FLOATS_AT(f16, 2)
FLOATS_AT(bf16, 2)
FLOATS_AT(f64, 8)
FLOATS_AT(i8, 1)
FLOATS_AT(i16, 2)
FLOATS_AT(i32, 4)
FLOATS_AT(i64, 8)
#undef FLOATS_AT
/// `i` is a multiple of sixteen.
INLINE f32x16 floats_f8_e4m3(const uint8_t *row, int64_t i) {
    const struct block_f8_e4m3 *block = (const struct block_f8_e4m3 *)row + i / 64;
    return widen_f8_e4m3(block->q + i % 64) * block->scale;
}
