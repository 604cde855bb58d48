// Q1_0: 128 weights, d where a bit is set and -d elsewhere. Unpacked as d · (q - 1) with q = 0 or 2.
#pragma once
#include "nibbles.h"

struct block_q1_0 {
    uint16_t d;
    uint8_t bits[16];
};
_Static_assert(sizeof(struct block_q1_0) == 18, "bytes of a Q1_0 block");

INLINE void unpack_q1_0(const void *blocks, weight_chunk *out) {
    const struct block_q1_0 *b = blocks;
    for (int i = 0; i < 4; i++) {
        const uint8_t *bits = b[i / 2].bits + i % 2 * 8;
        out->q[i] = bits_of_blocks(bits, bits + 4, 2);
    }
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[0].d, b[0].d, b[0].d, b[1].d, b[1].d, b[1].d, b[1].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = -out->scale;
}
