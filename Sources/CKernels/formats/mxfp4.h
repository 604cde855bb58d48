// MXFP4: 32 four-bit floats and a power of two. Nibbles as in Q4_0.
// (Open Compute Project, Microscaling Formats, version 1.0)
#pragma once
#include "fp4.h"
#include "nibbles.h"

struct block_mxfp4 {
    uint8_t exponent;
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_mxfp4) == 17, "bytes of an MXFP4 block");

/// 2^(exponent - 128): half the scale, since the values are doubled. The two smallest ones are denormal. An exponent of
/// 255, NaN in the specification, is a power of two like the others, as in the reference.
INLINE f32x8 mxfp4_scales(u32x8 exponents) {
    const u32x8 normal = (exponents - 1) << 23, denormal = 0x00200000u << (exponents & 1);
    const u32x8 mask = (u32x8)(exponents < 2);
    return (f32x8)((denormal & mask) | (normal & ~mask));
}

INLINE void unpack_mxfp4(const void *blocks, weight_chunk *out) {
    const struct block_mxfp4 *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = fp4_values(nibbles_of_blocks(b[2 * i].q, b[2 * i + 1].q));
    const u8x8 exponents = {b[0].exponent, b[1].exponent, b[2].exponent, b[3].exponent,
                            b[4].exponent, b[5].exponent, b[6].exponent, b[7].exponent};
    const f32x8 scale = mxfp4_scales(__builtin_convertvector(exponents, u32x8));
    out->scale = f32x16_join(scale, scale);
    out->offset = out->scale * -(float)FP4_ZERO;
}
