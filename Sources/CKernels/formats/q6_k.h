// Q6_K: 256 weights in sixteen groups of 16, d · scale · (q - 32), q of six bits, scale a signed byte. Each half of 128
// weights has 64 bytes of low nibbles (weights 0–63, then in the high nibbles 64–127) and 32 bytes that carry the upper
// two bits of weights i, i + 32, i + 64 and i + 96.
#pragma once
#include "nibbles.h"

struct block_q6_k {
    uint8_t low[128];
    uint8_t high[64];
    int8_t scales[16];
    uint16_t d;
};
_Static_assert(sizeof(struct block_q6_k) == 210, "bytes of a Q6_K block");

INLINE void unpack_q6_k(const void *blocks, weight_chunk *out) {
    const struct block_q6_k *b = blocks;
    for (int half = 0; half < 2; half++) {
        const u8x64 low = u8x64_load(b->low + 64 * half);
        const u8x32 high = u8x32_load(b->high + 32 * half);
        out->q[2 * half] = (low & 15) | u8x64_join(high << 4 & 0x30, high << 2 & 0x30);
        out->q[2 * half + 1] = (low >> 4) | u8x64_join(high & 0x30, high >> 2 & 0x30);
    }
    out->scale = __builtin_convertvector(i8x16_load(b->scales), f32x16) * f32_from_f16(b->d);
    out->offset = out->scale * -32.0f;
}
