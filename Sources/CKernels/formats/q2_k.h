// Q2_K: 256 weights in sixteen groups of 16, d · scale · q - d_min · min, q of two bits. Each group's byte has its
// scale in the low nibble and its min in the high nibble.
#pragma once
#include "quarters.h"

struct block_q2_k {
    uint8_t scales[16];
    uint8_t q[64];
    uint16_t d, d_min;
};
_Static_assert(sizeof(struct block_q2_k) == 84, "bytes of a Q2_K block");

INLINE void unpack_q2_k(const void *blocks, weight_chunk *out) {
    const struct block_q2_k *b = blocks;
    unpack_quarters(b->q, out->q);
    const u8x16 bytes = u8x16_load(b->scales);
    out->scale = __builtin_convertvector(bytes & 15, f32x16) * f32_from_f16(b->d);
    out->offset = __builtin_convertvector(bytes >> 4, f32x16) * -f32_from_f16(b->d_min);
}
