// Q4_0: 32 weights, d · (q - 8), q of four bits. The low nibbles hold the first sixteen weights, the high nibbles the
// others.
#pragma once
#include "nibbles.h"

struct block_q4_0 {
    uint16_t d;
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_q4_0) == 18, "bytes of a Q4_0 block");

INLINE void unpack_q4_0(const void *blocks, weight_chunk *out) {
    const struct block_q4_0 *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = nibbles_of_blocks(b[2 * i].q, b[2 * i + 1].q);
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[1].d, b[2].d, b[3].d, b[4].d, b[5].d, b[6].d, b[7].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = out->scale * -8.0f;
}
