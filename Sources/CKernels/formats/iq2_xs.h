// IQ2_XS: 256 weights in sixteen groups of 16. Each eight weights have nine bits of an index into a grid of 512 and,
// above them, seven sign bits, whose eighth makes their number even. Scales are d / 4 · (0.5 + s), s of four bits.
#pragma once
#include "grids.h"

struct block_iq2_xs {
    uint16_t d;
    uint16_t eights[32];
    uint8_t scales[8];
};
_Static_assert(sizeof(struct block_iq2_xs) == 74, "bytes of an IQ2_XS block");

INLINE grid_codes codes_iq2_xs(const void *block) {
    const struct block_iq2_xs *b = block;
    grid_codes codes;
    const u16x32 eights = u16x32_load(b->eights);
    const u8x32 sevens = __builtin_convertvector(eights >> 9, u8x32);
    codes.indices[0] = eights & 511;
    codes.signs = even_signs((u32x8)sevens);
    scale_groups_of_16(b->d, nibbles_in_order(b->scales), MIRROR_IQ2, &codes);
    return codes;
}

INLINE void unpack_iq2_xs(const void *blocks, weight_chunk *out) {
    *out = signed_eights(sotto_grids.iq2_xs, MIRROR_IQ2, codes_iq2_xs(blocks));
}
