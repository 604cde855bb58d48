// Shared by the formats with two bits per weight in the arrangement of Q2_K: Q2_K, Q3_K, TQ2_0.
#pragma once
#include "../chunks.h"

/// 32 bytes hold 128 weights: the lowest two bits of all bytes, then the next two bits, and so on.
INLINE void unpack_quarters(const uint8_t bytes[64], u8x64 q[4]) {
    for (int half = 0; half < 2; half++) {
        const u8x32 b = u8x32_load(bytes + 32 * half);
        q[2 * half] = u8x64_join(b & 3, b >> 2 & 3);
        q[2 * half + 1] = u8x64_join(b >> 4 & 3, b >> 6);
    }
}
