// NVFP4: 64 four-bit floats in four groups of 16, each with a scale of eight bits (E4M3 without its sign). A group's
// low nibbles hold its first eight weights, the high nibbles the others.
#pragma once
#include "fp4.h"

struct block_nvfp4 {
    uint8_t scales[4];
    uint8_t q[32];
};
_Static_assert(sizeof(struct block_nvfp4) == 36, "bytes of an NVFP4 block");

/// Half of the scales, since the values are doubled. Four bits of exponent and three of mantissa are shifted into the
/// fields of a half, and a power of two adjusts the exponent, also of denormals. As in the reference, 0x7f (NaN) is
/// zero and the sign has no effect, so that 0xff is an ordinary 240.
INLINE f32x16 nvfp4_scales(u8x16 bytes) {
    const u16x16 wide = __builtin_convertvector(bytes, u16x16);
    const u16x16 number = (u16x16)(wide != 0x7f) & (wide & 0x7f) << 7;
    return f32x16_from_f16(number) * 128.0f;
}

INLINE void unpack_nvfp4(const void *blocks, weight_chunk *out) {
    const struct block_nvfp4 *b = blocks;
    u8x16 scales;
    for (int i = 0; i < 4; i++) {
        const u8x32 bytes = u8x32_load(b[i].q);
        const u64x4 low = (u64x4)(bytes & 15), high = (u64x4)(bytes >> 4);
        out->q[i] = fp4_values((u8x64)__builtin_shufflevector(low, high, 0, 4, 1, 5, 2, 6, 3, 7));
        memcpy((char *)&scales + 4 * i, b[i].scales, 4);
    }
    out->scale = nvfp4_scales(scales);
    out->offset = out->scale * -(float)FP4_ZERO;
}
