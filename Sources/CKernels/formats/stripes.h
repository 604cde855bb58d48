// Interleaved forms of formats: copies of matrices in which the product of one token needs neither sums across lanes
// nor permutations. A stripe is 16 rows of a chunk, and lane r of its vectors belongs to row r. A matrix is stripe
// after stripe along 16 rows, then the next 16 rows. Groups of weights are numbered as in weight_chunk.
#pragma once
#include "formats.h"

/// q[8p + i] has weights 4i…4i + 3 of group 2p in the low nibbles of its bytes, and of group 2p + 1 in the high ones.
struct stripe_q4_0 {
    uint16_t d[8][LANES];
    uint32_t q[32][LANES];
};

/// Nibbles as in Q4_0.
struct stripe_q4_k {
    uint16_t d[LANES], d_min[LANES];
    uint32_t scales[3][LANES];  // each row's twelve bytes, packed as in the format
    uint32_t q[32][LANES];
};

struct stripe_q5_k {
    uint16_t d[LANES], d_min[LANES];
    uint32_t scales[3][LANES];
    uint32_t high[8][LANES];  // bit g of the bytes of high[i]: the fifth bit of weights 4i…4i + 3 of group g
    uint32_t q[32][LANES];
};

/// q[3g + i] has weights 4i…4i + 3 of group g in the low six bits of its bytes, for i < 3. The upper two bits of these
/// three vectors are weights 12…15, lowest bits first.
struct stripe_q6_k {
    uint16_t d[LANES], unused[LANES];
    int8_t scales[LANES][LANES];
    uint32_t q[48][LANES];
};

/// q[8g + i] has weights 4i…4i + 3 of group g, plus 128.
struct stripe_q8_0 {
    uint16_t d[8][LANES];
    uint32_t q[64][LANES];
};

/// Nibbles as in Q4_0.
struct stripe_iq4_nl {
    uint16_t d[8][LANES];
    uint32_t q[32][LANES];
};

/// Nibbles as in Q4_0.
struct stripe_iq4_xs {
    uint16_t d[LANES];
    int8_t scales[8][LANES];  // minus 32
    uint32_t q[32][LANES];
};

/// Nibbles as in Q4_0.
struct stripe_mxfp4 {
    uint8_t exponents[8][LANES];
    uint32_t q[32][LANES];
};

/// q[4p + i] has weights 4i…4i + 3 of groups 4p…4p + 3, two bits each, the first group's lowest.
struct stripe_q2_k {
    uint16_t d[LANES], d_min[LANES];
    uint8_t scales[LANES][LANES];  // as in the format
    uint32_t q[16][LANES];
};

/// The low two bits of weights as in Q2_K. Bit k of the bytes of high[4p + i]: the third bit of weights 4i…4i + 3 of
/// group 8p + k.
struct stripe_q3_k {
    uint16_t d[LANES];
    int8_t scales[LANES][LANES];  // minus 32
    uint32_t high[8][LANES];
    uint32_t q[16][LANES];
};

/// ROW(suffix of block_… and stripe_…): what AVX-512 interleaves.
#define SOTTO_INTERLEAVED_FORMATS(ROW) ROW(q8_0) SOTTO_AVX2_STRIPES(ROW)

/// What AVX2 interleaves. It reads rows of Q8_0 as fast as memory.
#define SOTTO_AVX2_STRIPES(ROW)                                                                                        \
    ROW(q4_0) ROW(q2_k) ROW(q3_k) ROW(q4_k) ROW(q5_k) ROW(q6_k) ROW(iq4_nl) ROW(iq4_xs) ROW(mxfp4)

/// Follows the formats of files in tables of products.
enum interleaved_index {
    LAST_FORMAT = FORMAT_COUNT - 1,
#define ROW(suffix) INTERLEAVED_##suffix,
    SOTTO_INTERLEAVED_FORMATS(ROW)
#undef ROW
        PRODUCT_COUNT
};
