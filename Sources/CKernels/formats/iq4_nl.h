// IQ4_NL: 32 weights, d · value, where value is one of sixteen bytes, chosen by a nibble. Nibbles as in Q4_0.
#pragma once
#include "nibbles.h"

struct block_iq4_nl {
    uint16_t d;
    uint8_t q[16];
};
_Static_assert(sizeof(struct block_iq4_nl) == 18, "bytes of an IQ4_NL block");

#define IQ4_VALUES                                                                                                     \
    { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 }

/// The values plus WIDE_ZERO.
INLINE u8x16 iq4_bytes(void) { return (u8x16)(i8x16)IQ4_VALUES ^ WIDE_ZERO; }
INLINE u8x64 iq4_values(u8x64 nibbles) { return u8x64_look_up(iq4_bytes(), nibbles); }

INLINE void unpack_iq4_nl(const void *blocks, weight_chunk *out) {
    const struct block_iq4_nl *b = blocks;
    for (int i = 0; i < 4; i++) out->q[i] = iq4_values(nibbles_of_blocks(b[2 * i].q, b[2 * i + 1].q));
    const f32x8 scale = f32x8_from_f16((u16x8){b[0].d, b[1].d, b[2].d, b[3].d, b[4].d, b[5].d, b[6].d, b[7].d});
    out->scale = f32x16_join(scale, scale);
    out->offset = out->scale * -(float)WIDE_ZERO;
}
