// Rows of blocks of 32 weights. (Included once by gemv_avx512.h, which explains the method.)

// MARK: Blocks of 32 with nibbles: Q4_0, Q4_1, Q5_0, Q5_1. A step processes four blocks.

/// The size of a block and the byte offsets of its fields; `minimum` and `high` are 0 if the format has none. `offset`
/// is the format's constant offset.
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

/// Bytes of a second load, since 64 bytes do not hold four blocks: as few as possible, because a load that crosses a
/// cache line counts twice.
INLINE int late_bytes(nibble_form form) {
    const int left = 4 * form.bytes - 64;
    return left <= 8 ? 8 : left <= 16 ? 16 : 32;
}
/// The index of word `word` of the four blocks in a permutation of two vectors, which hold the first 64 bytes and the
/// last ones.
INLINE int16_t permutation_index(nibble_form form, int word) {
    return (int16_t)(word < 32 ? word : word - (4 * form.bytes - late_bytes(form)) / 2 + 32);
}
/// The permutation for words first … first + run - 1 of each block, each repeated `times` times.
INLINE __m512i words_of_blocks(nibble_form form, int first, int run, int times) {
    int16_t index[32] = {0};
    for (int i = 0; i < 4 * run * times; i++)
        index[i] = permutation_index(form, first + i / times % run + i / times / run * form.bytes / 2);
    return _mm512_loadu_si512(index);
}

/// Word `word` of each block, a half, as a float in four lanes each.
INLINE __m512 halves_of(nibble_form form, int word, const __m512i v[2]) {
    const __m512i words = _mm512_permutex2var_epi16(v[0], words_of_blocks(form, word, 1, 4), v[1]);
    return _mm512_cvtph_ps(_mm512_castsi512_si256(words));
}

/// Four blocks, of which only the first `blocks` exist.
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
    nibble_weights w = {.low = _mm512_and_si512(q, fifteen),
                        .high = _mm512_and_si512(_mm512_srli_epi16(q, 4), fifteen)};
    w.scale = halves_of(form, 0, v);
    if (form.minimum) w.minimum = halves_of(form, 1, v);
    if (form.high) {
        // One word of bits for elements 0…15 of each block, and one for 16…31.
        const __m128i low =
            _mm512_castsi512_si128(_mm512_permutex2var_epi16(v[0], words_of_blocks(form, form.high / 2, 1, 1), v[1]));
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

/// All steps along the rows: 128 weights each, the last one possibly fewer.
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
#define NIBBLE_ROWS(suffix, minimum, high, constant)                                                                   \
    ROWS_FUNCTION(suffix, nibble_rows(NIBBLE_FORM(suffix, minimum, high, constant), rows, cols, ahead, x, x_stride,    \
                                      tokens, sums))
NIBBLE_ROWS(q4_0, 0, 0, 8)
NIBBLE_ROWS(q4_1, offsetof(struct block_q4_1, m), 0, 0)
NIBBLE_ROWS(q5_0, 0, offsetof(struct block_q5_0, high), 16)
NIBBLE_ROWS(q5_1, offsetof(struct block_q5_1, m), offsetof(struct block_q5_1, high), 0)

// MARK: Q8_0. A step processes two blocks.

INLINE void q8_0_step(const uint8_t *const rows[ROWS_TOGETHER], size_t at, int blocks, const activation_chunk *x,
                      int64_t x_stride, int step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i each = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const __m512i heads_at =
        _mm512_castsi256_si512(_mm256_setr_epi16(0, 0, 0, 0, 0, 0, 0, 0, 17, 17, 17, 17, 17, 17, 17, 17));
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
            sums[t][r].products = add_scaled(sums[t][r].products, dot(start[t], w, q[t]), _mm512_mul_ps(d, scale[t]));
    }
}

INLINE void rows_q8_0(const uint8_t *const rows[ROWS_TOGETHER], int64_t cols, size_t ahead, const activation_chunk *x,
                      int64_t x_stride, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t step_bytes = 2 * sizeof(struct block_q8_0);
    size_t at = 0;
    int64_t c = 0;
    for (; c + 64 <= cols; c += 64, at += step_bytes) {
        prefetch(rows, at, ahead, step_bytes);
        q8_0_step(rows, at, 2, x + c / CHUNK, x_stride, (int)(c % CHUNK / 64), tokens, sums);
    }
    if (c < cols) q8_0_step(rows, at, 1, x + c / CHUNK, x_stride, (int)(c % CHUNK / 64), tokens, sums);
}
