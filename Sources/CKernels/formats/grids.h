// Shared by the formats whose weights come from a grid: a table of points, each of which has the magnitudes of eight
// weights (four in IQ3). A block stores indices into the grid, and signs.
#pragma once
#include "../chunks.h"

/// The points, a byte per weight, in the form that `unpack` wants: plus the constant that makes them unsigned when
/// their sign is applied. See grids.c for the values.
struct sotto_grids {
    uint64_t iq1[2048];                               // 8 · (0, 1, 2)
    uint64_t iq2_xxs[256], iq2_xs[512], iq2_s[1024];  // 43 + (8, 25, 43)
    uint32_t iq3_xxs[256];                            // 31 + (2, 6, 10, …, 26, 31), half of the values
    uint32_t iq3_s[512];                              // 8…15, twice of which less 15 are 1, 3, …, 15
};
/// Written once, before `main`.
extern struct sotto_grids sotto_grids;

/// The sum of a byte and the one of the opposite sign.
enum { MIRROR_IQ2 = 2 * 43, MIRROR_IQ3_XXS = 2 * 31, MIRROR_IQ3_S = 15 };

/// A block of 256 weights without what the grid adds.
typedef struct grid_codes {
    u16x32 indices[2];     // into the grid: 32 of eights, or 64 of fours
    u8x32 signs;           // a bit for each weight; in IQ1_M, a byte for every eight weights, which is added to them
    f32x16 scale, offset;  // as in weight_chunk
} grid_codes;
typedef grid_codes grid_codes_function(const void *block);

/// Each byte of `sevens` has seven sign bits; the eighth makes their number even.
INLINE u8x32 even_signs(u32x8 sevens) {
    const u8x16 eighth = {0, 128, 128, 0, 128, 0, 0, 128, 128, 0, 0, 128, 0, 128, 128, 0};
    const u8x32 folded = (u8x32)((sevens ^ sevens >> 4) & 0x0f0f0f0f);
    const u8x64 eighths = u8x64_look_up(eighth, u8x64_join(folded, (u8x32){0}));
    return (u8x32)sevens | u8x32_load((const uint8_t *)&eighths);
}
/// The same for four times seven bits in the lower 28 bits of each number.
INLINE u8x32 even_signs_of_28(u32x8 packed) {
    return even_signs((packed & 0x7f) | (packed << 1 & 0x7f00) | (packed << 2 & 0x7f0000) | (packed << 3 & 0x7f000000));
}

/// 256 weights from a grid of eights, with signs. `mirror` is the sum of a byte and the one of the opposite sign.
INLINE weight_chunk signed_eights(const uint64_t *grid, uint8_t mirror, grid_codes codes) {
    weight_chunk w = {.scale = codes.scale, .offset = codes.offset};
    uint16_t index[32];
    u16x32_store(index, codes.indices[0]);
    uint64_t signs[4];
    memcpy(signs, &codes.signs, sizeof signs);
    STORED(index);
    STORED(signs);
#pragma unroll
    for (int i = 0; i < 4; i++) w.q[i] = u8x64_mirror(eights_at(grid, index + 8 * i), signs[i], mirror);
    return w;
}
/// The same for a grid of fours.
INLINE weight_chunk signed_fours(const uint32_t *grid, uint8_t mirror, grid_codes codes) {
    weight_chunk w = {.scale = codes.scale, .offset = codes.offset};
    uint16_t index[64];
    u16x32_store(index, codes.indices[0]);
    u16x32_store(index + 32, codes.indices[1]);
    uint64_t signs[4];
    memcpy(signs, &codes.signs, sizeof signs);
    STORED(index);
    STORED(signs);
#pragma unroll
    for (int i = 0; i < 4; i++) w.q[i] = u8x64_mirror(fours_at(grid, index + 16 * i), signs[i], mirror);
    return w;
}
/// 256 weights from the grid of IQ1.
INLINE weight_chunk unsigned_eights(grid_codes codes) {
    weight_chunk w = {.scale = codes.scale, .offset = codes.offset};
    uint16_t index[32];
    u16x32_store(index, codes.indices[0]);
    STORED(index);
#pragma unroll
    for (int i = 0; i < 4; i++) w.q[i] = eights_at(sotto_grids.iq1, index + 8 * i);
    return w;
}

/// Each of eight bytes four times.
INLINE u16x32 bytes_four_times(const uint8_t bytes[8]) {
    u8x8 v;
    memcpy(&v, bytes, sizeof v);
    return __builtin_convertvector(__builtin_shufflevector(v, v, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4,
                                                           4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7),
                                   u16x32);
}

/// Eight bytes of two four-bit numbers each, low nibbles first.
INLINE u8x16 nibbles_in_order(const uint8_t bytes[8]) {
    u8x8 both;
    memcpy(&both, bytes, sizeof both);
    return __builtin_shufflevector(both & 15, both >> 4, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
}

/// Scales of 16 groups, d/4 · (0.5 + n), and the offsets that make up for unsigned bytes.
INLINE void scale_groups_of_16(uint16_t d, u8x16 n, uint8_t mirror, grid_codes *out) {
    out->scale = (__builtin_convertvector(n, f32x16) + 0.5f) * (f32_from_f16(d) * 0.25f);
    out->offset = out->scale * -(0.5f * (float)mirror);
}
