// Q8_0: 32 weights, d · q, q a signed byte. Unpacked as q + WIDE_ZERO: unsigned, if the dot product requires that.
#pragma once
#include "../chunks.h"

struct block_q8_0 {
    uint16_t d;
    int8_t q[32];
};
_Static_assert(sizeof(struct block_q8_0) == 34, "bytes of a Q8_0 block");

INLINE void unpack_q8_0(const void *blocks, weight_chunk *out) {
    const struct block_q8_0 *b = blocks;
    for (int i = 0; i < 8; i += 2)
        out->q[i / 2] =
            u8x64_join(u8x32_load((const uint8_t *)b[i].q), u8x32_load((const uint8_t *)b[i + 1].q)) ^ WIDE_ZERO;
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[1].d, b[2].d, b[3].d, b[4].d, b[5].d, b[6].d, b[7].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = out->scale * -(float)WIDE_ZERO;
}
