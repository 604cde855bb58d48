// IQ3_S: 256 weights in eight groups of 32. Each four weights have the low eight bits of an index into a grid of 512,
// and bit i of `high` is the ninth bit of index i. Bit i of `signs` is the sign of weight i. Scales are d · (1 + 2s), s
// of four bits.
#pragma once
#include "grids.h"

struct block_iq3_s {
    uint16_t d;
    uint8_t low[64], high[8], signs[32];
    uint8_t scales[4];
};
_Static_assert(sizeof(struct block_iq3_s) == 110, "bytes of an IQ3_S block");

INLINE grid_codes codes_iq3_s(const void *block) {
    const struct block_iq3_s *b = block;
    grid_codes codes;
    uint64_t high;
    memcpy(&high, b->high, sizeof high);
    const u8x64 ones = u8x64_of_bits(high) & 1;
    for (int i = 0; i < 2; i++) {
        const u16x32 ninth = __builtin_convertvector(u8x32_load((const uint8_t *)&ones + 32 * i), u16x32);
        codes.indices[i] = __builtin_convertvector(u8x32_load(b->low + 32 * i), u16x32) | ninth << 8;
    }
    codes.signs = u8x32_load(b->signs);
    uint8_t packed[8] = {0};
    memcpy(packed, b->scales, sizeof b->scales);
    // The grid has half of odd magnitudes, rounded up.
    const f32x8 scale = f32x16_low(__builtin_convertvector(nibbles_in_order(packed), f32x16) * 2 + 1);
    const f32x8 twice = scale * (2 * f32_from_f16(b->d));
    codes.scale = f32x16_join(twice, twice);
    codes.offset = codes.scale * -(0.5f * MIRROR_IQ3_S);
    return codes;
}

INLINE void unpack_iq3_s(const void *blocks, weight_chunk *out) {
    *out = signed_fours(sotto_grids.iq3_s, MIRROR_IQ3_S, codes_iq3_s(blocks));
}
