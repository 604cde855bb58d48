// IQ1_M: 256 weights in sixteen groups of 16, d · (1 + 2s) · (-1, 0 or 1, plus or minus 1/8). Each eight weights have
// the low eight bits of an index into a grid of 2048, and a nibble of `high`: three bits of the index and the sign of
// the eighth. Four words of `scales` have four times three bits s, and d, four bits of it at the top of each.
#pragma once
#include "grids.h"

struct block_iq1_m {
    uint8_t low[32], high[16];
    uint16_t scales[4];
};
_Static_assert(sizeof(struct block_iq1_m) == 56, "bytes of an IQ1_M block");

INLINE grid_codes codes_iq1_m(const void *block) {
    const struct block_iq1_m *b = block;
    grid_codes codes;
    const u8x32 high = u8x32_join(nibbles_in_order(b->high), nibbles_in_order(b->high + 8));
    const u16x32 upper = __builtin_convertvector(high & 7, u16x32) << 8;
    codes.indices[0] = __builtin_convertvector(u8x32_load(b->low), u16x32) | upper;
    // The grid has eight times 0, 1 and 2, and zero is 9.
    codes.signs = (u8x32)((u16x16)~high >> 2) & 2;
    uint64_t words;
    memcpy(&words, b->scales, sizeof words);
    const uint64_t tops = words & 0xf000f000f000f000;
    const uint16_t d = (uint16_t)(tops >> 12 | tops >> 24 | tops >> 36 | tops >> 48);
    const u16x16 spread = {b->scales[0], b->scales[0], b->scales[0], b->scales[0], b->scales[1], b->scales[1],
                           b->scales[1], b->scales[1], b->scales[2], b->scales[2], b->scales[2], b->scales[2],
                           b->scales[3], b->scales[3], b->scales[3], b->scales[3]};
    const u16x16 right = {0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9, 0, 3, 6, 9};
    const f32x16 s = __builtin_convertvector(spread >> right & 7, f32x16);
    codes.scale = (s * 2 + 1) * (f32_from_f16(d) * 0.125f);
    codes.offset = codes.scale * -9.0f;
    return codes;
}

INLINE void unpack_iq1_m(const void *blocks, weight_chunk *out) {
    const grid_codes codes = codes_iq1_m(blocks);
    *out = unsigned_eights(codes);
    uint64_t eighths[4];
    memcpy(eighths, &codes.signs, sizeof eighths);
    for (int i = 0; i < 4; i++) out->q[i] += u8x64_spread(eighths[i]);
}
