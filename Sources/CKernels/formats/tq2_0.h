// TQ2_0: 256 weights, d · (q - 1), q of two bits arranged as in Q2_K.
#pragma once
#include "quarters.h"

struct block_tq2_0 {
    uint8_t q[64];
    uint16_t d;
};
_Static_assert(sizeof(struct block_tq2_0) == 66, "bytes of a TQ2_0 block");

INLINE void unpack_tq2_0(const void *blocks, weight_chunk *out) {
    const struct block_tq2_0 *b = blocks;
    unpack_quarters(b->q, out->q);
    out->scale = f32x16_set(f32_from_f16(b->d));
    out->offset = -out->scale;
}
