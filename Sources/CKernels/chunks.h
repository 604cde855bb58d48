// The common form of all quantized formats: 256 weights of a row become bytes, scales and offsets, and 256 activations
// of a token become bytes, scales and sums. All formats then share the same product code.
#ifndef SOTTO_CHUNKS_H
#define SOTTO_CHUNKS_H

#include "lanes.h"

/// Weights (or activations) processed per step along a row.
#define CHUNK 256

/// weight[i] = scale[i / group] · q[i] + offset[i / group], where group is 32 or 16, depending on the format.
/// Groups of 32 use the lower eight lanes of scale and offset.
typedef struct weight_chunk {
    u8x64 q[4];
    f32x16 scale, offset;
} weight_chunk;

/// x[i] ≈ scale[i / 32] · q[i], -127 ≤ q ≤ 127. The sums of scale · q over 32 and over 16 elements multiply the
/// weights' offsets: Σ (s·q_w + o) · x = s · Σ q_w·x + o · Σ x.
typedef struct activation_chunk {
    _Alignas(64) int8_t q[CHUNK];
    float scale[8];
    float sum32[8];
    float sum16[16];
} activation_chunk;

#endif
