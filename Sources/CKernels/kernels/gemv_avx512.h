// Products of a few tokens with quantized weights, for AVX-512. (Included once by path_avx512.c, after
// gemv.h.)
//
// Decode is limited by reading the weights, so the arithmetic must keep up with about ten bytes of weights per cycle
// and core. Three things make it cheap enough:
//
// - Weights are used in the order of their bytes in memory. Instead, the input is put into that order, once for all
//   rows.
// - One permutation puts the bytes of several blocks into a vector register.
// - A format's constant offset (8 in Q4_0: weight = d · (q - 8)) is the start value of the integer sums: -8 · Σ x.
//
// The result for a row and a token does not depend on how many rows or tokens are processed together.

enum { ROWS_TOGETHER = 4 };

/// Running sums of a row and a token: products, and the contribution of the weights' offsets.
typedef struct row_sums {
    __m512 products, offsets;
} row_sums;

INLINE __m512i dot(__m512i sums, __m512i weights, __m512i x) { return _mm512_dpbusd_epi32(sums, weights, x); }
/// -offset · Σ x, lane by lane.
INLINE __m512i start_of(int offset, __m512i x) {
    return _mm512_sub_epi32(_mm512_setzero_si512(), dot(_mm512_setzero_si512(), _mm512_set1_epi8((char)offset), x));
}
INLINE __m512 add_scaled(__m512 sum, __m512i dots, __m512 scale) {
    return _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), scale, sum);
}
/// The words of a vector selected by `index`, as half-precision numbers converted to float.
INLINE __m512 halves_at(__m512i index, __m512i words) {
    return _mm512_cvtph_ps(_mm512_castsi512_si256(_mm512_permutexvar_epi16(index, words)));
}

/// Rows that are multiplied together, with up to four tokens.
typedef struct row_group {
    const uint8_t *rows[ROWS_TOGETHER];  // adjacent; past the end, the last row is repeated
    int64_t cols;
    weight_prefetch prefetch;
    const uint8_t *input[4];  // of each token, as prepared for the format
} row_group;

/// Adds the products of all columns to `sums`.
typedef void rows_function(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]);

/// A token's prepared input for a step.
#define INPUT(type, g, token, step) ((const type *)(g)->input[token] + (step))

/// Prefetches what the step at byte `at` of each row needs, ahead of it: rows are adjacent, so that the group's weights
/// are one stream.
INLINE void prefetch_step(const row_group *g, size_t at, size_t bytes) {
    prefetch_weights(g->prefetch, g->rows[0] + ROWS_TOGETHER * at, ROWS_TOGETHER * bytes);
}

#include "gemv_blocks_avx512.h"
#include "gemv_superblocks_avx512.h"
#include "gemv_small_groups_avx512.h"

// MARK: Rows and tokens

/// The sums of four vectors' lanes.
INLINE __m128 sums_of_four(const __m512 v[4]) {
    const __m512 a = _mm512_add_ps(_mm512_shuffle_f32x4(v[0], v[1], 0x88), _mm512_shuffle_f32x4(v[0], v[1], 0xdd));
    const __m512 b = _mm512_add_ps(_mm512_shuffle_f32x4(v[2], v[3], 0x88), _mm512_shuffle_f32x4(v[2], v[3], 0xdd));
    __m512 c = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));  // a lane each
    c = _mm512_add_ps(c, _mm512_permute_ps(c, 0x4e));
    c = _mm512_add_ps(c, _mm512_permute_ps(c, 0xb1));
    return _mm512_castps512_ps128(
        _mm512_permutexvar_ps(_mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), c));
}

INLINE void rows_together(rows_function *multiply, size_t chunk_bytes, const product *p, int64_t row, int64_t end,
                          int64_t token, int tokens) {
    row_group g = {.cols = p->cols, .prefetch = p->prefetch};
    for (int t = 0; t < tokens; t++)
        g.input[t] = (const uint8_t *)p->prepared + (size_t)(source_of(p, token + t) * p->chunks) * chunk_bytes;
    for (int r = 0; r < ROWS_TOGETHER; r++)
        g.rows[r] = p->weights + (size_t)(row + r < end ? row + r : end - 1) * p->row_bytes;
    row_sums sums[4][ROWS_TOGETHER];
    for (int t = 0; t < tokens; t++)
        for (int r = 0; r < ROWS_TOGETHER; r++) sums[t][r] = (row_sums){_mm512_setzero_ps(), _mm512_setzero_ps()};
    multiply(&g, tokens, sums);
    const int64_t count = end - row < ROWS_TOGETHER ? end - row : ROWS_TOGETHER;
    for (int t = 0; t < tokens; t++) {
        __m512 all[ROWS_TOGETHER];
        for (int r = 0; r < ROWS_TOGETHER; r++) all[r] = _mm512_add_ps(sums[t][r].products, sums[t][r].offsets);
        const __mmask8 exist = (__mmask8)((1 << count) - 1);
        __m128 result = sums_of_four(all);
        if (p->bias) result = _mm_add_ps(result, _mm_maskz_loadu_ps(exist, p->bias + row));
        _mm_mask_storeu_ps(p->out + (token + t) * p->out_stride + row, exist, result);
    }
}

INLINE void gemv_rows(rows_function *multiply, size_t chunk_bytes, const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row += ROWS_TOGETHER) switch (p->tokens - token) {
                case 1: rows_together(multiply, chunk_bytes, p, row, end, token, 1); break;
                case 2: rows_together(multiply, chunk_bytes, p, row, end, token, 2); break;
                case 3: rows_together(multiply, chunk_bytes, p, row, end, token, 3); break;
                default: rows_together(multiply, chunk_bytes, p, row, end, token, 4);
            }
}

#define ROW(id, name, suffix, ...)                                                                                     \
    static void gemv_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemv_rows(rows_##suffix, PREPARED_BYTES_##suffix, p, first, end);                                              \
    }
PREPARED_GEMV(ROW)
#undef ROW
