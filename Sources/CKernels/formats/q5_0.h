// Q5_0: 32 weights, d · (q - 16), q of five bits: nibbles as in Q4_0; bit i of `high` is the fifth bit of weight i.
#pragma once
#include "nibbles.h"

struct block_q5_0 {
    uint16_t d;
    uint8_t high[4];
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_q5_0) == 22, "bytes of a Q5_0 block");

INLINE void unpack_q5_0(const void *blocks, weight_chunk *out) {
    const struct block_q5_0 *b = blocks;
    for (int i = 0; i < 8; i += 2)
        out->q[i / 2] = nibbles_of_blocks(b[i].q, b[i + 1].q) | bits_of_blocks(b[i].high, b[i + 1].high, 16);
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[1].d, b[2].d, b[3].d, b[4].d, b[5].d, b[6].d, b[7].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = out->scale * -16.0f;
}
