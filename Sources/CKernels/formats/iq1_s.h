// IQ1_S: 256 weights in eight groups of 32, d · (1 + 2s) · (-1, 0 or 1, plus or minus 1/8). Each eight weights have the
// low eight bits of an index into a grid of 2048. `high` of a group has, from the lowest bit, four times three bits of
// indices, three bits s, and the sign of the eighth.
#pragma once
#include "grids.h"

struct block_iq1_s {
    uint16_t d;
    uint8_t low[32];
    uint16_t high[8];
};
_Static_assert(sizeof(struct block_iq1_s) == 50, "bytes of an IQ1_S block");

INLINE grid_codes codes_iq1_s(const void *block) {
    const struct block_iq1_s *b = block;
    grid_codes codes;
    u16x8 high;
    memcpy(&high, b->high, sizeof high);
    const u16x32 spread = __builtin_shufflevector(high, high, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
                                                  4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7);
    const u16x32 right = {0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9,
                          0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9};
    codes.indices[0] = __builtin_convertvector(u8x32_load(b->low), u16x32) | (spread >> right & 7) << 8;
    // The grid has eight times 0, 1 and 2.
    const f32x8 scale = (__builtin_convertvector(high >> 12 & 7, f32x8) * 2 + 1) * (f32_from_f16(b->d) * 0.125f);
    const f32x8 eighth = 1 - 2 * __builtin_convertvector(high >> 15, f32x8);
    codes.scale = f32x16_join(scale, scale);
    const f32x8 offset = scale * (eighth - 8);
    codes.offset = f32x16_join(offset, offset);
    return codes;
}

INLINE void unpack_iq1_s(const void *blocks, weight_chunk *out) { *out = unsigned_eights(codes_iq1_s(blocks)); }
