// Shared by the formats with four-bit floats (E2M1): MXFP4, NVFP4.
#pragma once
#include "../chunks.h"

/// Twice the value of each code, plus FP4_ZERO.
#define FP4_VALUES                                                                                                     \
    { 12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0 }
enum { FP4_ZERO = 12 };

INLINE u8x64 fp4_values(u8x64 nibbles) { return u8x64_look_up((u8x16)FP4_VALUES, nibbles); }
