// IQ4_XS: 256 weights in eight groups of 32, d · (scale - 32) · value, values as in IQ4_NL and scale of six bits.
#pragma once
#include "iq4_nl.h"

struct block_iq4_xs {
    uint16_t d;
    uint16_t scales_high;  // bits 2g and 2g + 1: the upper bits of scale g
    uint8_t scales_low[4];
    uint8_t q[128];  // each group's 16 bytes as in IQ4_NL
};
_Static_assert(sizeof(struct block_iq4_xs) == 136, "bytes of an IQ4_XS block");

INLINE void unpack_iq4_xs(const void *blocks, weight_chunk *out) {
    const struct block_iq4_xs *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = iq4_values(nibbles_of_blocks(b->q + 32 * i, b->q + 32 * i + 16));
    uint32_t low;
    memcpy(&low, b->scales_low, sizeof low);
    const u32x16 group = {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7};
    const u32x16 low_bits = (low - (u32x16){0}) >> 4 * group & 15;
    const u32x16 high_bits = ((uint32_t)b->scales_high - (u32x16){0}) >> 2 * group & 3;
    const i32x16 scales = (i32x16)(low_bits | high_bits << 4) - 32;
    out->scale = __builtin_convertvector(scales, f32x16) * f32_from_f16(b->d);
    out->offset = out->scale * -(float)WIDE_ZERO;
}
