// TQ1_0: 256 weights, d · (q - 1), q in 0…2. A byte holds five such digits of base three as a fraction: b / 256 ≈
// 0.q₀q₁q₂q₃q₄. Multiplied with 3ⁿ modulo 256 it starts with digit n, which is the integer part of three times that.
// Digit n of the first 32 bytes is weight 32n + i, of the next 16 bytes weight 160 + 16n + i, and of the last four,
// which have only four digits, weight 240 + 4n + i.
#pragma once
#include "../chunks.h"

struct block_tq1_0 {
    uint8_t q[48];
    uint8_t last[4];
    uint16_t d;
};
_Static_assert(sizeof(struct block_tq1_0) == 54, "bytes of a TQ1_0 block");

INLINE void unpack_tq1_0(const void *blocks, weight_chunk *out) {
    const struct block_tq1_0 *b = blocks;
    const u8x32 first = u8x32_load(b->q);
    const u8x16 next = u8x16_load(b->q + 32);
    uint32_t four;
    memcpy(&four, b->last, sizeof four);
    u8x16 last;
    memcpy(&last, (const uint32_t[]){four, four, four, four}, sizeof last);
    last *= (u8x16){1, 1, 1, 1, 3, 3, 3, 3, 9, 9, 9, 9, 27, 27, 27, 27};
    const u8x64 fractions[4] = {u8x64_join(first, first * 3), u8x64_join(first * 9, first * 27),
                                u8x64_join(first * 81, u8x32_join(next, next * 3)),
                                u8x64_join(u8x32_join(next * 9, next * 27), u8x32_join(next * 81, last))};
    // The integer part of 3f / 256 is 1 from f = 86 on and 2 from 171 on; a comparison that holds is -1.
    for (int i = 0; i < 4; i++) out->q[i] = -((u8x64)(fractions[i] >= 86) + (u8x64)(fractions[i] >= 171));
    out->scale = f32x16_set(f32_from_f16(b->d));
    out->offset = -out->scale;
}
