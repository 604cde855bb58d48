// Q2_0: 64 weights, d · (q - 1), q of two bits. A byte holds four weights in turn, the first one in its lowest bits.
#pragma once
#include "../chunks.h"

struct block_q2_0 {
    uint16_t d;
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_q2_0) == 18, "bytes of a Q2_0 block");

INLINE void unpack_q2_0(const void *blocks, weight_chunk *out) {
    const struct block_q2_0 *b = blocks;
    for (int i = 0; i < 4; i++) {
        const u32x16 bytes = __builtin_convertvector(u8x16_load(b[i].q), u32x16);
        out->q[i] = (u8x64)((bytes | bytes << 6 | bytes << 12 | bytes << 18) & 0x03030303);
    }
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[0].d, b[1].d, b[1].d, b[2].d, b[2].d, b[3].d, b[3].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = -out->scale;
}
