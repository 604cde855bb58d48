// Q4_1: 32 weights, d · q + m, q of four bits arranged as in Q4_0.
#pragma once
#include "nibbles.h"

struct block_q4_1 {
    uint16_t d, m;
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_q4_1) == 20, "bytes of a Q4_1 block");

INLINE void unpack_q4_1(const void *blocks, weight_chunk *out) {
    const struct block_q4_1 *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = nibbles_of_blocks(b[2 * i].q, b[2 * i + 1].q);
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[1].d, b[2].d, b[3].d, b[4].d, b[5].d, b[6].d, b[7].d});
    const f32x8 offset = f32x8_from_f16((u16x8){b[0].m, b[1].m, b[2].m, b[3].m, b[4].m, b[5].m, b[6].m, b[7].m});
    out->scale = f32x16_join(scale, scale);
    out->offset = f32x16_join(offset, offset);
}
