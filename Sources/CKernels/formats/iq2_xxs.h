// IQ2_XXS: 256 weights in eight groups of 32. A group is four indices into a grid of 256 eights, and 32 bits: four
// times seven sign bits, whose eighth makes their number even, and in the top four bits the scale s: d / 4 · (0.5 + s).
#pragma once
#include "grids.h"

struct block_iq2_xxs {
    uint16_t d;
    uint8_t groups[64];
};
_Static_assert(sizeof(struct block_iq2_xxs) == 66, "bytes of an IQ2_XXS block");

INLINE grid_codes codes_iq2_xxs(const void *block) {
    const struct block_iq2_xxs *b = block;
    grid_codes codes;
    u32x16 words;
    memcpy(&words, b->groups, sizeof words);
    const u32x8 bytes = __builtin_shufflevector(words, words, 0, 2, 4, 6, 8, 10, 12, 14);
    const u32x8 packed = __builtin_shufflevector(words, words, 1, 3, 5, 7, 9, 11, 13, 15);
    codes.indices[0] = __builtin_convertvector((u8x32)bytes, u16x32);
    codes.signs = even_signs_of_28(packed);
    const f32x8 scale = (__builtin_convertvector(packed >> 28, f32x8) + 0.5f) * (f32_from_f16(b->d) * 0.25f);
    codes.scale = f32x16_join(scale, scale);
    codes.offset = codes.scale * -(0.5f * MIRROR_IQ2);
    return codes;
}

INLINE void unpack_iq2_xxs(const void *blocks, weight_chunk *out) {
    *out = signed_eights(sotto_grids.iq2_xxs, MIRROR_IQ2, codes_iq2_xxs(blocks));
}
