// Products of few tokens with quantized weights, for AVX-512. (Included once by path_avx512.c.)
//
// Decoding is as fast as the weights can be read, so the arithmetic has to keep out of the way: some ten bytes of
// weights arrive per cycle and core. Three things make it cheap enough:
//
// - Weights are used in the order in which their bytes lie. The input is put into that order instead, once for
//   ROWS_TOGETHER rows.
// - A vector register takes the bytes of several blocks by one permutation of the bytes as they lie.
// - A format's constant offset (8 in Q4_0: weight = d · (q - 8)) is where the integer sums start: at -8 · Σ x.
//
// What a row and a token give does not depend on how many of either are taken together.

enum { ROWS_TOGETHER = 4 };

/// How far ahead of the arithmetic weights are asked for: the hardware's own prefetcher alone leaves a third of the
/// memory's speed unused. Asking for memory past the end of the weights is harmless.
enum { PREFETCH_BYTES = 8192 };

/// Asks for what a step will read of each row when as many rows more are done as `ahead` bytes hold.
INLINE void prefetch(const uint8_t *const rows[ROWS_TOGETHER], size_t at, size_t ahead, size_t bytes) {
    for (int r = 0; r < ROWS_TOGETHER; r++)
        for (size_t i = 0; i < bytes; i += 64) _mm_prefetch((const char *)rows[r] + at + ahead + i, _MM_HINT_T0);
}

/// Running sums of a row and a token: products, and what the weights' offsets contribute.
typedef struct row_sums {
    __m512 products, offsets;
} row_sums;

INLINE __m512i dot(__m512i sums, __m512i weights, __m512i x) { return _mm512_dpbusd_epi32(sums, weights, x); }
/// -offset · Σ x, lane by lane.
INLINE __m512i start_of(int offset, __m512i x) {
    return _mm512_sub_epi32(_mm512_setzero_si512(),
                            dot(_mm512_setzero_si512(), _mm512_set1_epi8((char)offset), x));
}
INLINE __m512 add_scaled(__m512 sum, __m512i dots, __m512 scale) {
    return _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), scale, sum);
}
/// The half-precision numbers among 64 bytes, chosen by `index`.
INLINE __m512 halves_at(__m512i index, __m512i words) {
    return _mm512_cvtph_ps(_mm512_castsi512_si256(_mm512_permutexvar_epi16(index, words)));
}

// MARK: Blocks of 32 with nibbles: Q4_0, Q4_1, Q5_0, Q5_1. A step takes four blocks.

/// Where a block of such a format has what; `minimum` and `high` are 0 where it has none.
typedef struct nibble_form {
    int bytes, minimum, high, nibbles, offset;
} nibble_form;

typedef struct nibble_input {
    __m512i low, high;  // elements 0…15 of each block, and 16…31
    __m512i start;
    __m512 scale, sum;
} nibble_input;

INLINE nibble_input nibble_input_of(nibble_form form, const activation_chunk *x, int step) {
    const __m512i a = _mm512_load_si512(x->q + 128 * step), b = _mm512_load_si512(x->q + 128 * step + 64);
    const __m512i each = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    nibble_input in = {.low = _mm512_shuffle_i64x2(a, b, 0x88), .high = _mm512_shuffle_i64x2(a, b, 0xdd)};
    in.scale = _mm512_permutexvar_ps(each, _mm512_castps128_ps512(_mm_loadu_ps(x->scale + 4 * step)));
    if (form.minimum)
        in.sum = _mm512_maskz_permutexvar_ps(0x1111, each, _mm512_castps128_ps512(_mm_loadu_ps(x->sum32 + 4 * step)));
    in.start = form.offset ? _mm512_add_epi32(start_of(form.offset, in.low), start_of(form.offset, in.high))
                           : _mm512_setzero_si512();
    return in;
}

typedef struct nibble_weights {
    __m512i low, high;
    __m512 scale, minimum;
} nibble_weights;

/// Bytes that a second load takes where 64 do not hold four blocks: no more than it must, since every load that
/// straddles two cache lines counts twice.
INLINE int late_bytes(nibble_form form) {
    const int left = 4 * form.bytes - 64;
    return left <= 8 ? 8 : left <= 16 ? 16 : 32;
}
/// Word `word` of the four blocks as a permutation of two vectors finds it: their first 64 bytes, and their last.
INLINE int16_t place_of(nibble_form form, int word) {
    return (int16_t)(word < 32 ? word : word - (4 * form.bytes - late_bytes(form)) / 2 + 32);
}
/// Words first, first + 1, … `run` of them, of each block, each of them `times` times.
INLINE __m512i words_of_blocks(nibble_form form, int first, int run, int times) {
    int16_t index[32] = {0};
    for (int i = 0; i < 4 * run * times; i++)
        index[i] = place_of(form, first + i / times % run + i / times / run * form.bytes / 2);
    return _mm512_loadu_si512(index);
}

/// Word `word` of each block as a number of half precision, for four lanes each.
INLINE __m512 halves_of(nibble_form form, int word, const __m512i v[2]) {
    const __m512i words = _mm512_permutex2var_epi16(v[0], words_of_blocks(form, word, 1, 4), v[1]);
    return _mm512_cvtph_ps(_mm512_castsi512_si256(words));
}

/// Four blocks of which the first `blocks` exist.
INLINE nibble_weights nibble_weights_of(nibble_form form, const uint8_t *at, int blocks) {
    const uint8_t *late = at + 4 * form.bytes - late_bytes(form);
    __m512i v[2];
    if (blocks == 4) {
        v[0] = _mm512_loadu_si512(at);
        v[1] = late_bytes(form) == 8    ? _mm512_zextsi128_si512(_mm_loadl_epi64((const __m128i *)late))
               : late_bytes(form) == 16 ? _mm512_zextsi128_si512(_mm_loadu_si128((const __m128i *)late))
                                        : _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)late));
    } else {
        const uint64_t words = (UINT64_C(1) << blocks * form.bytes / 2) - 1;
        v[0] = _mm512_maskz_loadu_epi16((__mmask32)words, at);
        v[1] = _mm512_maskz_loadu_epi16((__mmask32)(words >> (late - at) / 2), late);
    }
    const __m512i fifteen = _mm512_set1_epi8(15);
    const __m512i q = _mm512_permutex2var_epi16(v[0], words_of_blocks(form, form.nibbles / 2, 8, 1), v[1]);
    nibble_weights w = {.low = _mm512_and_si512(q, fifteen), .high = _mm512_and_si512(_mm512_srli_epi16(q, 4), fifteen)};
    w.scale = halves_of(form, 0, v);
    if (form.minimum) w.minimum = halves_of(form, 1, v);
    if (form.high) {
        // Half a word of bits for elements 0…15 of each block, and half a word for 16…31.
        const __m128i low = _mm512_castsi512_si128(
            _mm512_permutex2var_epi16(v[0], words_of_blocks(form, form.high / 2, 1, 1), v[1]));
        const __m128i high = _mm512_castsi512_si128(
            _mm512_permutex2var_epi16(v[0], words_of_blocks(form, form.high / 2 + 1, 1, 1), v[1]));
        const __m512i sixteen = _mm512_set1_epi8(16);
        w.low = _mm512_mask_add_epi8(w.low, (__mmask64)_mm_cvtsi128_si64(low), w.low, sixteen);
        w.high = _mm512_mask_add_epi8(w.high, (__mmask64)_mm_cvtsi128_si64(high), w.high, sixteen);
    }
    return w;
}

INLINE void nibble_step(nibble_form form, const uint8_t *const rows[ROWS_TOGETHER], size_t at, int blocks,
                        const activation_chunk *x, int64_t x_stride, int step, int tokens,
                        row_sums sums[4][ROWS_TOGETHER]) {
    nibble_input in[4];
    for (int t = 0; t < tokens; t++) in[t] = nibble_input_of(form, x + t * x_stride, step);
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const nibble_weights w = nibble_weights_of(form, rows[r] + at, blocks);
        for (int t = 0; t < tokens; t++) {
            const __m512i dots = dot(dot(in[t].start, w.low, in[t].low), w.high, in[t].high);
            row_sums *s = &sums[t][r];
            s->products = add_scaled(s->products, dots, _mm512_mul_ps(w.scale, in[t].scale));
            if (form.minimum) s->offsets = _mm512_fmadd_ps(w.minimum, in[t].sum, s->offsets);
        }
    }
}

/// The steps of a row of blocks: 128 weights each, the last with what is left.
INLINE void nibble_rows(nibble_form form, const uint8_t *const rows[ROWS_TOGETHER], int64_t cols, size_t ahead,
                        const activation_chunk *x, int64_t x_stride, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t step_bytes = (size_t)(4 * form.bytes);
    size_t at = 0;
    int64_t c = 0;
    for (; c + 128 <= cols; c += 128, at += step_bytes) {
        prefetch(rows, at, ahead, step_bytes);
        nibble_step(form, rows, at, 4, x + c / CHUNK, x_stride, (int)(c % CHUNK / 128), tokens, sums);
    }
    if (c < cols)
        nibble_step(form, rows, at, (int)(cols - c) / 32, x + c / CHUNK, x_stride, (int)(c % CHUNK / 128), tokens,
                    sums);
}

#define NIBBLE_FORM(suffix, minimum_at, high_at, constant)                                                             \
    (nibble_form) {                                                                                                    \
        .bytes = sizeof(struct block_##suffix), .minimum = minimum_at, .high = high_at,                                \
        .nibbles = offsetof(struct block_##suffix, q), .offset = constant                                              \
    }
#define ROWS_FUNCTION(suffix, statement)                                                                               \
    INLINE void rows_##suffix(const uint8_t *const rows[ROWS_TOGETHER], int64_t cols, size_t ahead,                    \
                              const activation_chunk *x, int64_t x_stride, int tokens,                                 \
                              row_sums sums[4][ROWS_TOGETHER]) {                                                       \
        statement;                                                                                                     \
    }
#define NIBBLE_ROWS(suffix, minimum, high, constant)                                                                   \
    ROWS_FUNCTION(suffix, nibble_rows(NIBBLE_FORM(suffix, minimum, high, constant), rows, cols, ahead, x, x_stride,    \
                                      tokens, sums))
NIBBLE_ROWS(q4_0, 0, 0, 8)
NIBBLE_ROWS(q4_1, offsetof(struct block_q4_1, m), 0, 0)
NIBBLE_ROWS(q5_0, 0, offsetof(struct block_q5_0, high), 16)
NIBBLE_ROWS(q5_1, offsetof(struct block_q5_1, m), offsetof(struct block_q5_1, high), 0)

// MARK: Q8_0. A step takes two blocks.

INLINE void q8_0_step(const uint8_t *const rows[ROWS_TOGETHER], size_t at, int blocks, const activation_chunk *x,
                      int64_t x_stride, int step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i each = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const __m512i heads_at = _mm512_castsi256_si512(
        _mm256_setr_epi16(0, 0, 0, 0, 0, 0, 0, 0, 17, 17, 17, 17, 17, 17, 17, 17));
    const __mmask32 words = blocks > 1 ? 0x20001 : 1;
    __m512i q[4], start[4];
    __m512 scale[4];
    for (int t = 0; t < tokens; t++) {
        const activation_chunk *xt = x + t * x_stride;
        q[t] = _mm512_load_si512(xt->q + 64 * step);
        start[t] = start_of(-128, q[t]);
        scale[t] = _mm512_permutexvar_ps(
            each, _mm512_castps128_ps512(_mm_castpd_ps(_mm_load_sd((const double *)(xt->scale + 2 * step)))));
    }
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *b = rows[r] + at;
        __m512i bytes = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(b + 2)));
        if (blocks > 1) bytes = _mm512_inserti64x4(bytes, _mm256_loadu_si256((const __m256i *)(b + 36)), 1);
        const __m512i w = _mm512_xor_si512(bytes, _mm512_set1_epi8(-128));
        const __m512 d = halves_at(heads_at, _mm512_maskz_loadu_epi16(words, b));
        for (int t = 0; t < tokens; t++)
            sums[t][r].products =
                add_scaled(sums[t][r].products, dot(start[t], w, q[t]), _mm512_mul_ps(d, scale[t]));
    }
}

INLINE void rows_q8_0(const uint8_t *const rows[ROWS_TOGETHER], int64_t cols, size_t ahead,
                      const activation_chunk *x, int64_t x_stride, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t step_bytes = 2 * sizeof(struct block_q8_0);
    size_t at = 0;
    int64_t c = 0;
    for (; c + 64 <= cols; c += 64, at += step_bytes) {
        prefetch(rows, at, ahead, step_bytes);
        q8_0_step(rows, at, 2, x + c / CHUNK, x_stride, (int)(c % CHUNK / 64), tokens, sums);
    }
    if (c < cols) q8_0_step(rows, at, 1, x + c / CHUNK, x_stride, (int)(c % CHUNK / 64), tokens, sums);
}

// MARK: Q4_K and Q5_K. A step takes one block of 256.

/// Twelve bytes of six-bit scales and minima of four rows, one row in each 128-bit lane behind d and d_min, as bytes: the
/// eight scales, then the eight minima. See unpack_scales_k for how they are packed.
INLINE __m512i scales_k_of_four(__m512i heads) {
    const __m512i first = _mm512_shuffle_epi32(heads, _MM_PERM_DCDB);   // words a, c, b, c
    const __m512i second = _mm512_shuffle_epi32(heads, _MM_PERM_CABA);  // words -, a, -, b
    const __m512i low = _mm512_and_si512(
        _mm512_srlv_epi32(first, _mm512_setr_epi32(0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4)),
        _mm512_set4_epi32(0x0f0f0f0f, 0x3f3f3f3f, 0x0f0f0f0f, 0x3f3f3f3f));
    const __m512i high = _mm512_and_si512(_mm512_srli_epi32(second, 2),
                                          _mm512_set4_epi32(0x30303030, 0, 0x30303030, 0));
    return _mm512_or_si512(low, high);
}

/// What the groups of 32 of one token are in the order of the bytes: vector 2j has groups 4j and 4j + 2, vector 2j + 1
/// groups 4j + 1 and 4j + 3.
typedef struct k_input {
    __m512i q[4];
    __m512 factors;  // eight scales, then eight negative sums
} k_input;

INLINE k_input k_input_of(const activation_chunk *x) {
    k_input in;
    for (int j = 0; j < 2; j++) {
        const __m512i a = _mm512_load_si512(x->q + 128 * j), b = _mm512_load_si512(x->q + 128 * j + 64);
        in.q[2 * j] = _mm512_shuffle_i64x2(a, b, 0x44);
        in.q[2 * j + 1] = _mm512_shuffle_i64x2(a, b, 0xee);
    }
    const __m512 scales_and_sums = _mm512_loadu_ps(x->scale);
    in.factors = _mm512_mask_sub_ps(scales_and_sums, 0xff00, _mm512_setzero_ps(), scales_and_sums);
    return in;
}
_Static_assert(offsetof(activation_chunk, sum32) == offsetof(activation_chunk, scale) + 8 * sizeof(float),
               "scales and sums are read together");

/// Word `index` of 128-bit lane r eight times, then the word after it eight times.
#define HEAD_WORDS(r)                                                                                                  \
    _mm512_castsi256_si512(_mm256_setr_epi16(8 * (r), 8 * (r), 8 * (r), 8 * (r), 8 * (r), 8 * (r), 8 * (r), 8 * (r),   \
                                             8 * (r) + 1, 8 * (r) + 1, 8 * (r) + 1, 8 * (r) + 1, 8 * (r) + 1,          \
                                             8 * (r) + 1, 8 * (r) + 1, 8 * (r) + 1))

INLINE void k_step(bool five_bits, const uint8_t *const rows[ROWS_TOGETHER], size_t at, const activation_chunk *x,
                   int64_t x_stride, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i fifteen = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    // The fifth bit of group g is bit g of its byte; these shifts bring it to bit 4.
    const __m512i left[2] = {_mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1),
                             _mm512_inserti64x4(_mm512_set1_epi16(3), _mm256_set1_epi16(1), 1)};
    const __m512i right[2] = {_mm512_inserti64x4(_mm512_set1_epi16(0), _mm256_set1_epi16(2), 1),
                              _mm512_inserti64x4(_mm512_set1_epi16(1), _mm256_set1_epi16(3), 1)};
    const __m512i spread[4] = {_mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2),
                               _mm512_setr_epi32(1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3),
                               _mm512_setr_epi32(4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6),
                               _mm512_setr_epi32(5, 5, 5, 5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7, 7, 7)};
    k_input in[4];
    for (int t = 0; t < tokens; t++) in[t] = k_input_of(x + t * x_stride);
    __m512i heads = _mm512_setzero_si512();
    for (int r = 0; r < ROWS_TOGETHER; r++)
        heads = _mm512_mask_broadcast_i32x4(heads, (__mmask16)(15 << 4 * r),
                                            _mm_loadu_si128((const __m128i *)(rows[r] + at)));
    const __m512i scales = scales_k_of_four(heads);
    const __m128i packed[ROWS_TOGETHER] = {_mm512_castsi512_si128(scales), _mm512_extracti32x4_epi32(scales, 1),
                                           _mm512_extracti32x4_epi32(scales, 2),
                                           _mm512_extracti32x4_epi32(scales, 3)};
    const __m512i head_words[ROWS_TOGETHER] = {HEAD_WORDS(0), HEAD_WORDS(1), HEAD_WORDS(2), HEAD_WORDS(3)};
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *q = rows[r] + at + 16 + (five_bits ? 32 : 0);
        // d · scale eight times, d_min · min eight times.
        const __m512 factors =
            _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(packed[r])), halves_at(head_words[r], heads));
        __m512i high = _mm512_setzero_si512();
        if (five_bits) high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(rows[r] + at + 16)));
        __m512i w[4];
        for (int j = 0; j < 2; j++) {
            const __m512i bytes = _mm512_loadu_si512(q + 64 * j);
            w[2 * j] = _mm512_and_si512(bytes, fifteen);
            w[2 * j + 1] = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), fifteen);
            if (five_bits)
                for (int i = 0; i < 2; i++) {
                    const __m512i bit =
                        j == 0 ? _mm512_sllv_epi16(high, left[i]) : _mm512_srlv_epi16(high, right[i]);
                    w[2 * j + i] = _mm512_ternarylogic_epi32(w[2 * j + i], bit, sixteen, 0xf8);  // a | (b & c)
                }
        }
        for (int t = 0; t < tokens; t++) {
            row_sums *s = &sums[t][r];
            const __m512 scale = _mm512_mul_ps(factors, in[t].factors);
            s->offsets = _mm512_add_ps(s->offsets, scale);  // its upper half counts
            for (int i = 0; i < 4; i++)
                s->products = add_scaled(s->products, dot(_mm512_setzero_si512(), w[i], in[t].q[i]),
                                         _mm512_permutexvar_ps(spread[i], scale));
        }
    }
}

#define K_ROWS(suffix, five_bits)                                                                                      \
    ROWS_FUNCTION(suffix, {                                                                                            \
        const size_t bytes = sizeof(struct block_##suffix);                                                            \
        for (int64_t c = 0; c < cols / CHUNK; c++) {                                                                   \
            prefetch(rows, (size_t)c * bytes, ahead, bytes);                                                           \
            k_step(five_bits, rows, (size_t)c * bytes, x + c, x_stride, tokens, sums);                                 \
        }                                                                                                              \
        for (int t = 0; t < tokens; t++)                                                                               \
            for (int r = 0; r < ROWS_TOGETHER; r++)                                                                    \
                sums[t][r].offsets = _mm512_maskz_mov_ps(0xff00, sums[t][r].offsets);                                  \
    })
K_ROWS(q4_k, false)
K_ROWS(q5_k, true)

// MARK: Q6_K. A step takes one block of 256.

INLINE void q6_k_step(const uint8_t *const rows[ROWS_TOGETHER], size_t at, const activation_chunk *x,
                      int64_t x_stride, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i fifteen = _mm512_set1_epi8(15), forty_eight = _mm512_set1_epi8(0x30);
    const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    // The two upper bits of weights i, i + 32, i + 64 and i + 96 of a half, brought to bits 4 and 5.
    const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
    const __m512i right = _mm512_inserti64x4(_mm512_set1_epi16(0), _mm256_set1_epi16(2), 1);
    __m512i start[4][4];
    __m512 x_scale[4];
    for (int t = 0; t < tokens; t++) {
        const activation_chunk *xt = x + t * x_stride;
        for (int i = 0; i < 4; i++) start[t][i] = start_of(32, _mm512_load_si512(xt->q + 64 * i));
        x_scale[t] = _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(_mm256_loadu_ps(xt->scale)));
    }
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const struct block_q6_k *b = (const struct block_q6_k *)(rows[r] + at);
        __m512i w[4];
        for (int half = 0; half < 2; half++) {
            const __m512i low = _mm512_loadu_si512(b->low + 64 * half);
            const __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(b->high + 32 * half)));
            w[2 * half] = _mm512_ternarylogic_epi32(_mm512_and_si512(low, fifteen), _mm512_sllv_epi16(high, left),
                                                    forty_eight, 0xf8);
            w[2 * half + 1] =
                _mm512_ternarylogic_epi32(_mm512_and_si512(_mm512_srli_epi16(low, 4), fifteen),
                                          _mm512_srlv_epi16(high, right), forty_eight, 0xf8);
        }
        const __m512 d = _mm512_cvtph_ps(_mm256_set1_epi16((short)b->d));
        const __m512i scales = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)b->scales));
        const __m512 factors = _mm512_mul_ps(_mm512_cvtepi32_ps(scales), d);
        for (int t = 0; t < tokens; t++) {
            const __m512 scale = _mm512_mul_ps(factors, x_scale[t]);
            for (int i = 0; i < 4; i++) {
                const __m512i spread = _mm512_add_epi32(
                    _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), _mm512_set1_epi32(4 * i));
                const __m512i dots = dot(start[t][i], w[i], _mm512_load_si512(x[t * x_stride].q + 64 * i));
                sums[t][r].products =
                    add_scaled(sums[t][r].products, dots, _mm512_permutexvar_ps(spread, scale));
            }
        }
    }
}
ROWS_FUNCTION(q6_k, {
    const size_t bytes = sizeof(struct block_q6_k);
    for (int64_t c = 0; c < cols / CHUNK; c++) {
        prefetch(rows, (size_t)c * bytes, ahead, bytes);
        q6_k_step(rows, (size_t)c * bytes, x + c, x_stride, tokens, sums);
    }
})

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

typedef void rows_function(const uint8_t *const rows[ROWS_TOGETHER], int64_t cols, size_t ahead,
                           const activation_chunk *x, int64_t x_stride, int tokens,
                           row_sums sums[4][ROWS_TOGETHER]);

INLINE void rows_together(rows_function *multiply, const product *p, int64_t row, int64_t end, int64_t token,
                          int tokens) {
    const uint8_t *rows[ROWS_TOGETHER];
    for (int r = 0; r < ROWS_TOGETHER; r++)  // past the end, the last row again
        rows[r] = p->weights + (size_t)(row + r < end ? row + r : end - 1) * p->row_bytes;
    row_sums sums[4][ROWS_TOGETHER];
    for (int t = 0; t < tokens; t++)
        for (int r = 0; r < ROWS_TOGETHER; r++) sums[t][r] = (row_sums){_mm512_setzero_ps(), _mm512_setzero_ps()};
    const size_t together = ROWS_TOGETHER * p->row_bytes;
    const size_t ahead = (PREFETCH_BYTES + together - 1) / together * together;
    multiply(rows, p->cols, ahead, p->activations + token * p->chunks, p->chunks, tokens, sums);
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

INLINE void few_rows(rows_function *multiply, const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row += ROWS_TOGETHER) switch (p->tokens - token) {
                case 1: rows_together(multiply, p, row, end, token, 1); break;
                case 2: rows_together(multiply, p, row, end, token, 2); break;
                case 3: rows_together(multiply, p, row, end, token, 3); break;
                default: rows_together(multiply, p, row, end, token, 4);
            }
}

#define ROW(id, name, suffix, ...)                                                                                     \
    static void few_##suffix(const product *p, int64_t first, int64_t end) { few_rows(rows_##suffix, p, first, end); }
SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW
