// Q3_K: 256 weights in sixteen groups of 16, d · (scale - 32) · (q - 4), q of three bits and scale of six. The low two
// bits of q are arranged as in Q2_K; bit g of high[i] is the third bit of weight 32g + i.
#pragma once
#include "quarters.h"

struct block_q3_k {
    uint8_t high[32];
    uint8_t q[64];
    uint8_t scales[12];
    uint16_t d;
};
_Static_assert(sizeof(struct block_q3_k) == 110, "bytes of a Q3_K block");

/// Bytes 0–7 hold the low four bits of scales 0–7 (low nibbles) and 8–15 (high nibbles). Bytes 8–11 hold the upper two
/// bits: of scales 0–3 in the lowest two bits, of scales 4–7 in the next two, and so on.
INLINE u8x16 unpack_scales_q3_k(const uint8_t packed[12]) {
    uint32_t a, b, c;
    memcpy(&a, packed, 4);
    memcpy(&b, packed + 4, 4);
    memcpy(&c, packed + 8, 4);
    const uint32_t words[4] = {(a & 0x0f0f0f0f) | (c << 4 & 0x30303030), (b & 0x0f0f0f0f) | (c << 2 & 0x30303030),
                               (a >> 4 & 0x0f0f0f0f) | (c & 0x30303030), (b >> 4 & 0x0f0f0f0f) | (c >> 2 & 0x30303030)};
    u8x16 bytes;
    memcpy(&bytes, words, sizeof bytes);
    return bytes;
}

INLINE void unpack_q3_k(const void *blocks, weight_chunk *out) {
    const struct block_q3_k *b = blocks;
    unpack_quarters(b->q, out->q);
    const u8x32 high = u8x32_load(b->high);
    for (int i = 0; i < 4; i++) out->q[i] |= u8x64_join(high >> (2 * i) & 1, high >> (2 * i + 1) & 1) << 2;
    const f32x16 scales = __builtin_convertvector(unpack_scales_q3_k(b->scales), f32x16) - 32.0f;
    out->scale = scales * f32_from_f16(b->d);
    out->offset = out->scale * -4.0f;
}
