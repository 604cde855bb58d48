// Q4_K: 256 weights in eight groups of 32, d · scale · q - d_min · min, q of four bits. Each 32 bytes of q hold two
// groups: one in the low nibbles, the next in the high nibbles.
#pragma once
#include "nibbles.h"

struct block_q4_k {
    uint16_t d, d_min;
    uint8_t scales[12];
    uint8_t q[128];
};
_Static_assert(sizeof(struct block_q4_k) == 144, "bytes of a Q4_K block");

INLINE void unpack_q4_k(const void *blocks, weight_chunk *out) {
    const struct block_q4_k *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = nibbles_of_halves(u8x32_load(b->q + 32 * i));
    unpack_scales_k(b->scales, f32_from_f16(b->d), f32_from_f16(b->d_min), out);
}
