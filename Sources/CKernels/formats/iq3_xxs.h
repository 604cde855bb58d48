// IQ3_XXS: 256 weights in eight groups of 32. A group is eight indices into a grid of 256 fours, and 32 bits (of all
// groups together, behind the indices): four times seven sign bits, whose eighth makes their number even, and in the
// top four bits the scale s: d / 2 · (0.5 + s).
#pragma once
#include "grids.h"

struct block_iq3_xxs {
    uint16_t d;
    uint8_t indices[64];
    uint8_t signs_and_scales[32];
};
_Static_assert(sizeof(struct block_iq3_xxs) == 98, "bytes of an IQ3_XXS block");

INLINE grid_codes codes_iq3_xxs(const void *block) {
    const struct block_iq3_xxs *b = block;
    grid_codes codes;
    const u32x8 packed = (u32x8)u8x32_load(b->signs_and_scales);
    codes.indices[0] = __builtin_convertvector(u8x32_load(b->indices), u16x32);
    codes.indices[1] = __builtin_convertvector(u8x32_load(b->indices + 32), u16x32);
    codes.signs = even_signs_of_28(packed);
    // The grid has half of the values.
    const f32x8 twice = (__builtin_convertvector(packed >> 28, f32x8) + 0.5f) * f32_from_f16(b->d);
    codes.scale = f32x16_join(twice, twice);
    codes.offset = codes.scale * -(0.5f * MIRROR_IQ3_XXS);
    return codes;
}

INLINE void unpack_iq3_xxs(const void *blocks, weight_chunk *out) {
    *out = signed_fours(sotto_grids.iq3_xxs, MIRROR_IQ3_XXS, codes_iq3_xxs(blocks));
}
