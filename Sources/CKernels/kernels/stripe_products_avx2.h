// Products with interleaved matrices, for AVX2. (Included once by each path with AVX2, after gemm.h and gemv.h.)
//
// They give the same bits as the products with the matrix itself. chunk_dot adds the products of a row in lanes; here a
// vector for each of these lanes, with a row in each of its own, gets the same numbers in the same order.

/// What distinguishes formats.
typedef struct stripe_form {
    enum format_index format;
    size_t bytes;  // of a stripe
    chunk_kind kind;
    int group;     // weights that share a scale
    int together;  // groups that share bytes
} stripe_form;

enum { MOST_TOGETHER = 4, HALF_ROWS = LANES / 2 };

// Selected by the format rather than by function pointers, which would not be inlined.
INLINE void stripe_weights(stripe_form form, const void *stripe, int rows, int group, int i, __m256i *out) {
    switch (form.format) {
#define ROW(suffix)                                                                                                    \
    case FORMAT_##suffix: weights_##suffix(stripe, rows, group, i, out); break;
        STRIPE_FORMATS(ROW)
#undef ROW
        default: break;
    }
}
INLINE __m256 scale_of(stripe_form form, const void *stripe, int rows, int group) {
    switch (form.format) {
#define ROW(suffix)                                                                                                    \
    case FORMAT_##suffix: return scale_##suffix(stripe, rows, group);
        STRIPE_FORMATS(ROW)
#undef ROW
        default: return _mm256_setzero_ps();
    }
}
INLINE __m256 minimum_of(stripe_form form, const void *stripe, int rows, int group) {
    switch (form.format) {
        case FORMAT_q4_k: return minimum_q4_k(stripe, rows, group);
        case FORMAT_q5_k: return minimum_q5_k(stripe, rows, group);
        case FORMAT_q2_k: return minimum_q2_k(stripe, rows, group);
        default: return _mm256_setzero_ps();
    }
}

// MARK: Few tokens

INLINE __m256i broadcast_word(const void *word) {
    int32_t x;
    memcpy(&x, word, sizeof x);
    return _mm256_set1_epi32(x);
}

/// An integer sum of products for each of eight rows.
typedef struct stripe_dots {
    __m256i words, sum;
} stripe_dots;

/// Starts the sum from -zero · Σ q, which `pair_sums` has in two parts.
INLINE stripe_dots start_dots(chunk_kind kind, const int16_t pair_sums[2]) {
    const __m256i zero = _mm256_set1_epi16((int16_t)-kind.zero);
    stripe_dots dots = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    if (!kind.zero) return dots;
#if defined(SOTTO_LANES_AVX_VNNI)
    dots.sum = _mm256_madd_epi16(broadcast_word(pair_sums), zero);
#else
    dots.words = _mm256_mullo_epi16(broadcast_word(pair_sums), zero);
#endif
    return dots;
}

/// The vectors of weights whose products can be added in words: those of a whole group if codes have a zero, since the
/// sum has started from it.
INLINE int word_vectors(chunk_kind kind) {
    const int furthest = kind.largest - kind.zero > kind.zero ? kind.largest - kind.zero : kind.zero;
    return kind.wide ? 1 : INT16_MAX / (2 * 127 * furthest);
}

/// Keeps the compiler from adding in another order. It would unpack all vectors of a group first, and store them: a
/// copy of MXFP4 would take 1.15 times as long.
#define IN_ORDER(sum) __asm__("" : "+x"(sum))

/// Adds vector i of a group.
INLINE stripe_dots add_vector(chunk_kind kind, stripe_dots dots, int i, __m256i weights, __m256i x) {
#if defined(SOTTO_LANES_AVX_VNNI)
    (void)kind, (void)i;
    dots.sum = _mm256_dpbusd_avx_epi32(dots.sum, weights, x);
#else
    const int vectors = word_vectors(kind);
    const __m256i words = byte_products(weights, x, kind.wide);
    dots.words = i % vectors == 0 && (i > 0 || !kind.zero) ? words : _mm256_add_epi16(dots.words, words);
    IN_ORDER(dots.words);
    if ((i + 1) % vectors == 0 || i + 1 == kind.group / 4) {
        const __m256i sum = sum_pairs(dots.words);
        dots.sum = i < vectors ? sum : _mm256_add_epi32(dots.sum, sum);
    }
#endif
    return dots;
}

/// Running sums of eight rows and a token.
typedef struct stripe_sums {
    __m256 products[8], offsets[8];
} stripe_sums;

/// Adds the products of groups that share bytes.
INLINE void add_groups(stripe_form form, const uint8_t *stripe, int rows, int group, const row_input *const x[4],
                       int tokens, stripe_sums sums[4]) {
    const chunk_kind kind = form.kind;
    stripe_dots dots[MOST_TOGETHER][4];
#pragma clang loop unroll(full)
    for (int h = 0; h < form.together; h++)
        for (int t = 0; t < tokens; t++) {
            const int g = group + h;
            dots[h][t] = start_dots(kind, kind.group == 32 ? x[t]->pair_sums32[g] : x[t]->pair_sums16[g % 2][g / 2]);
        }
#pragma clang loop unroll(full)
    for (int i = 0; i < kind.group / 4; i++) {
        __m256i weights[MOST_TOGETHER];
        stripe_weights(form, stripe, rows, group, i, weights);
#pragma clang loop unroll(full)
        for (int h = 0; h < form.together; h++)
            for (int t = 0; t < tokens; t++) {
                const __m256i four = broadcast_word(x[t]->q + (group + h) * kind.group + 4 * i);
                dots[h][t] = add_vector(kind, dots[h][t], i, weights[h], four);
            }
    }
#pragma clang loop unroll(full)
    for (int h = 0; h < form.together; h++) {
        const int g = group + h, lane = g * kind.group / 32;
        const __m256 scale = scale_of(form, stripe, rows, g), minimum = minimum_of(form, stripe, rows, g);
        for (int t = 0; t < tokens; t++) {
            __m256 *products = &sums[t].products[lane], *offsets = &sums[t].offsets[g % 8];
            *products = add_dots(*products, dots[h][t].sum, scale, _mm256_set1_ps(x[t]->scale[lane]));
            if (kind.minimums) {
                const float sum = kind.group == 32 ? x[t]->sum32[g] : x[t]->sum16[g];
                *offsets = _mm256_fnmadd_ps(minimum, _mm256_set1_ps(sum), *offsets);
            }
        }
    }
}

/// The sums of each row, in the order of row_total.
INLINE __m256 stripe_total(const stripe_sums *sums) {
    __m256 v[8];
    for (int i = 0; i < 8; i++) v[i] = _mm256_add_ps(sums->products[i], sums->offsets[i]);
    for (int half = 4; half > 0; half /= 2)
        for (int i = 0; i < half; i++) v[i] = _mm256_add_ps(v[i], v[i + half]);
    return v[0];
}

INLINE void stripe_rows(stripe_form form, const product *p, int64_t row, int64_t token, int tokens) {
    const uint8_t *stripe = p->weights + (size_t)(row / LANES * p->chunks) * form.bytes;
    const row_input *x[4];
    for (int t = 0; t < tokens; t++) x[t] = row_inputs(p, token + t);
    const int groups = CHUNK / form.group;
    const size_t part_bytes = form.bytes * (size_t)form.together / (size_t)(2 * groups);
    stripe_sums sums[2][4] = {0};
    for (int64_t c = 0; c < p->chunks; c++, stripe += form.bytes) {
        const uint8_t *part = stripe;
        // Not unrolled, since the compiler would keep the words of the input for the second half, in memory.
#pragma clang loop unroll(disable)
        for (int half = 0; half < 2; half++)
#pragma clang loop unroll(full)
            for (int g = 0; g < groups; g += form.together, part += part_bytes) {
                prefetch_weights(p->prefetch, part, part_bytes);
                add_groups(form, stripe, HALF_ROWS * half, g, x, tokens, sums[half]);
            }
        for (int t = 0; t < tokens; t++) x[t]++;
    }
    for (int half = 0; half < 2; half++)
        for (int t = 0; t < tokens; t++) {
            const int64_t first = row + HALF_ROWS * half;
            const __m256 bias = p->bias ? _mm256_loadu_ps(p->bias + first) : _mm256_setzero_ps();
            _mm256_storeu_ps(p->out + (token + t) * p->out_stride + first,
                             _mm256_add_ps(stripe_total(&sums[half][t]), bias));
        }
}

// MARK: Panels

INLINE void unpack_stripe(stripe_form form, const uint8_t *stripe, panel_chunk *out) {
    const int vectors = form.group / 4;
#pragma clang loop unroll(disable)
    for (int rows = 0; rows < LANES; rows += HALF_ROWS)
#pragma clang loop unroll(full)
        for (int first = 0; first < CHUNK / form.group; first += form.together) {
            for (int i = 0; i < vectors; i++) {
                __m256i weights[MOST_TOGETHER];
                stripe_weights(form, stripe, rows, first, i, weights);
                for (int h = 0; h < form.together; h++)
                    _mm256_storeu_si256((__m256i *)(out->q[(first + h) * vectors + i] + rows), weights[h]);
            }
            for (int g = first; g < first + form.together; g++) {
                const __m256 scale = scale_of(form, stripe, rows, g);
                const __m256 offset = form.kind.minimums
                                          ? _mm256_xor_ps(_mm256_set1_ps(-0.0f), minimum_of(form, stripe, rows, g))
                                          : _mm256_mul_ps(scale, _mm256_set1_ps(-(float)form.kind.zero));
                _mm256_storeu_ps(out->scale[g] + rows, scale);
                _mm256_storeu_ps(out->offset[g] + rows, offset);
            }
        }
}

enum {
    TOGETHER_q4_0 = 2,
    TOGETHER_q4_k = 2,
    TOGETHER_q5_k = 2,
    TOGETHER_q6_k = 1,
    TOGETHER_iq4_nl = 2,
    TOGETHER_iq4_xs = 2,
    TOGETHER_mxfp4 = 2,
    TOGETHER_q2_k = 4,
    TOGETHER_q3_k = 4
};
#define STRIPE_FORM(suffix)                                                                                            \
    (stripe_form) {                                                                                                    \
        FORMAT_##suffix, sizeof(struct stripe_##suffix), CHUNK_KIND(suffix, GROUP_##suffix, LARGEST_##suffix),         \
            GROUP_##suffix, TOGETHER_##suffix                                                                          \
    }

#include "stripe_products.h"

#define INTERLEAVED_ROW(suffix)                                                                                        \
    [INTERLEAVED_##                                                                                                    \
        suffix] = {gemv_interleaved_##suffix, gemm_interleaved_##suffix, ROW_INPUT, interleave_rows_##suffix},
