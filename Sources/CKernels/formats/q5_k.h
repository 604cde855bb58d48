// Q5_K: like Q4_K, with a fifth bit: bit g of high[i] belongs to weight i of group g.
#pragma once
#include "nibbles.h"

struct block_q5_k {
    uint16_t d, d_min;
    uint8_t scales[12];
    uint8_t high[32];
    uint8_t q[128];
};
_Static_assert(sizeof(struct block_q5_k) == 176, "bytes of a Q5_K block");

INLINE void unpack_q5_k(const void *blocks, weight_chunk *out) {
    const struct block_q5_k *b = blocks;
    const u8x32 high = u8x32_load(b->high);
    for (int i = 0; i < 4; i++) {
        const u8x32 even = high >> (2 * i) & 1, odd = high >> (2 * i + 1) & 1;
        out->q[i] = nibbles_of_halves(u8x32_load(b->q + 32 * i)) | u8x64_join(even << 4, odd << 4);
    }
    unpack_scales_k(b->scales, f32_from_f16(b->d), f32_from_f16(b->d_min), out);
}
