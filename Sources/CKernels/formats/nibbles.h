// Shared by the four- and five-bit formats: nibbles, single bits, and the packed six-bit scales of Q4_K and Q5_K.
#pragma once
#include "../chunks.h"

/// Sixteen bytes each of two blocks of 32. Each block's low nibbles come first, then its high nibbles.
INLINE u8x64 nibbles_of_blocks(const uint8_t *first, const uint8_t *second) {
    const u8x16 a = u8x16_load(first), b = u8x16_load(second);
    return u8x64_join(u8x32_join(a & 15, a >> 4), u8x32_join(b & 15, b >> 4));
}

/// 32 bytes as 64 elements: all low nibbles, then all high nibbles.
INLINE u8x64 nibbles_of_halves(u8x32 bytes) { return u8x64_join(bytes & 15, bytes >> 4); }

/// Byte i is `weight` if bit i of the eight bytes (four of each block) is set, else 0.
INLINE u8x64 bits_of_blocks(const uint8_t *first, const uint8_t *second, uint8_t weight) {
    uint64_t bits;
    memcpy(&bits, first, 4);
    memcpy((char *)&bits + 4, second, 4);
    return u8x64_of_bits(bits) & weight;
}

/// Unpacks the eight scales and eight minima, six bits each, that Q4_K and Q5_K pack into twelve bytes. The low six
/// bits of bytes 0–3 and 4–7 are scales 0–3 and minima 0–3. Bytes 8–11 hold the low four bits of scales 4–7 (low
/// nibbles) and minima 4–7 (high nibbles); their upper two bits are the top bits of bytes 0–3 and 4–7.
INLINE void unpack_scales_k(const uint8_t packed[12], float d, float d_min, weight_chunk *out) {
    uint32_t a, b, c;
    memcpy(&a, packed, 4);
    memcpy(&b, packed + 4, 4);
    memcpy(&c, packed + 8, 4);
    const uint32_t words[4] = {a & 0x3f3f3f3f, (c & 0x0f0f0f0f) | (a >> 2 & 0x30303030), b & 0x3f3f3f3f,
                               (c >> 4 & 0x0f0f0f0f) | (b >> 2 & 0x30303030)};
    u8x16 bytes;
    memcpy(&bytes, words, sizeof bytes);
    const f32x16 all = __builtin_convertvector(bytes, f32x16);
    const f32x8 scale = f32x16_low(all) * d, offset = f32x16_high(all) * -d_min;
    out->scale = f32x16_join(scale, scale);
    out->offset = f32x16_join(offset, offset);
}
