// IQ2_S: 256 weights in sixteen groups of 16. Each eight weights have the low eight bits of an index into a grid of
// 1024, a byte of signs, and two bits in `high`. Scales are d / 4 · (0.5 + s), s of four bits.
#pragma once
#include "grids.h"

struct block_iq2_s {
    uint16_t d;
    uint8_t low[32], signs[32], high[8];
    uint8_t scales[8];
};
_Static_assert(sizeof(struct block_iq2_s) == 82, "bytes of an IQ2_S block");

INLINE grid_codes codes_iq2_s(const void *block) {
    const struct block_iq2_s *b = block;
    grid_codes codes;
    // A multiplication instead of shifts by different numbers of bits, which not all instruction sets have.
    const u16x32 to_bits_8_and_9 = {256, 64, 16, 4, 256, 64, 16, 4, 256, 64, 16, 4, 256, 64, 16, 4,
                                    256, 64, 16, 4, 256, 64, 16, 4, 256, 64, 16, 4, 256, 64, 16, 4};
    const u16x32 high = bytes_four_times(b->high) * to_bits_8_and_9 & 0x300;
    codes.indices[0] = __builtin_convertvector(u8x32_load(b->low), u16x32) | high;
    codes.signs = u8x32_load(b->signs);
    scale_groups_of_16(b->d, nibbles_in_order(b->scales), MIRROR_IQ2, &codes);
    return codes;
}

INLINE void unpack_iq2_s(const void *blocks, weight_chunk *out) {
    *out = signed_eights(sotto_grids.iq2_s, MIRROR_IQ2, codes_iq2_s(blocks));
}
