// Rows of blocks of 32 weights. (Included once by gemv_avx512.h, which explains the method.)

/// The values of the low nibbles of all bytes, and of the high ones: the permutation ignores the upper two bits of its
/// indices, and the table has each value four times, so that nothing needs to be masked.
INLINE void look_up_nibbles(__m512i values, __m512i bytes, __m512i *low, __m512i *high) {
    *low = _mm512_permutexvar_epi8(bytes, values);
    *high = _mm512_permutexvar_epi8(_mm512_srli_epi16(bytes, 4), values);
}
INLINE __m512i four_times(u8x16 values) { return _mm512_broadcast_i32x4((__m128i)values); }

// MARK: Blocks of 32 with nibbles: Q4_0, Q4_1, Q5_0, Q5_1, IQ4_NL. A step processes four blocks.

/// The size of a block and the byte offsets of its fields; `minimum` and `high` are 0 if the format has none. `offset`
/// is the format's constant offset. `iq4`: nibbles stand for the values of IQ4_NL.
typedef struct nibble_form {
    int bytes, minimum, high, nibbles, offset;
    bool iq4;
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
    if (form.iq4) look_up_nibbles(four_times(iq4_bytes()), q, &w.low, &w.high);
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

INLINE void nibble_step(nibble_form form, const row_group *g, int64_t step, int blocks, int tokens,
                        row_sums sums[4][ROWS_TOGETHER]) {
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const nibble_weights w = nibble_weights_of(form, g->rows[r] + (size_t)(step * 4 * form.bytes), blocks);
        for (int t = 0; t < tokens; t++) {
            const nibble_input *in = INPUT(nibble_input, g, t, step);
            const __m512i dots = dot(dot(in->start, w.low, in->low), w.high, in->high);
            row_sums *s = &sums[t][r];
            s->products = add_scaled(s->products, dots, _mm512_mul_ps(w.scale, in->scale));
            if (form.minimum) s->offsets = _mm512_fmadd_ps(w.minimum, in->sum, s->offsets);
        }
    }
}

/// All steps along the rows: 128 weights each, the last one possibly fewer.
INLINE void nibble_rows(nibble_form form, const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = (size_t)(4 * form.bytes);
    const int64_t whole = g->cols / 128, rest = g->cols % 128;
    for (int64_t step = 0; step < whole; step++) {
        prefetch_step(g, (size_t)step * bytes, bytes);
        nibble_step(form, g, step, 4, tokens, sums);
    }
    if (rest > 0) nibble_step(form, g, whole, (int)rest / 32, tokens, sums);
}

#define NIBBLE_FORM(suffix, minimum_at, high_at, constant, is_iq4)                                                     \
    (nibble_form) {                                                                                                    \
        .bytes = sizeof(struct block_##suffix), .minimum = minimum_at, .high = high_at,                                \
        .nibbles = offsetof(struct block_##suffix, q), .offset = constant, .iq4 = is_iq4                               \
    }
#define NIBBLE_ROWS(suffix, minimum, high, constant, iq4)                                                              \
    enum { PREPARED_BYTES_##suffix = CHUNK / 128 * sizeof(nibble_input) };                                             \
    static void prepare_##suffix(const activation_chunk *x, void *out) {                                               \
        for (int step = 0; step < CHUNK / 128; step++)                                                                 \
            ((nibble_input *)out)[step] = nibble_input_of(NIBBLE_FORM(suffix, minimum, high, constant, iq4), x, step); \
    }                                                                                                                  \
    INLINE void rows_##suffix(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {                       \
        nibble_rows(NIBBLE_FORM(suffix, minimum, high, constant, iq4), g, tokens, sums);                               \
    }
NIBBLE_ROWS(q4_0, 0, 0, 8, false)
NIBBLE_ROWS(q4_1, offsetof(struct block_q4_1, m), 0, 0, false)
NIBBLE_ROWS(q5_0, 0, offsetof(struct block_q5_0, high), 16, false)
NIBBLE_ROWS(q5_1, offsetof(struct block_q5_1, m), offsetof(struct block_q5_1, high), 0, false)
NIBBLE_ROWS(iq4_nl, 0, 0, WIDE_ZERO, true)

// MARK: MXFP4. A step processes four blocks, which have an odd number of bytes.

enum { PREPARED_BYTES_mxfp4 = CHUNK / 128 * sizeof(nibble_input) };
static void prepare_mxfp4(const activation_chunk *x, void *out) {
    for (int step = 0; step < CHUNK / 128; step++)
        ((nibble_input *)out)[step] = nibble_input_of((nibble_form){.offset = FP4_ZERO}, x, step);
}

INLINE void mxfp4_step(const row_group *g, int64_t step, int blocks, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    enum { BYTES = sizeof(struct block_mxfp4) };
    const __m512i values = four_times((u8x16)FP4_VALUES);
    const __m512i exponents_at = _mm512_setr_epi32(0, 0, 0, 0, BYTES, BYTES, BYTES, BYTES, 2 * BYTES, 2 * BYTES,
                                                   2 * BYTES, 2 * BYTES, 3 * BYTES, 3 * BYTES, 3 * BYTES, 3 * BYTES);
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *at = g->rows[r] + (size_t)step * 4 * BYTES;
        uint8_t whole[4 * BYTES] = {0};
        if (blocks < 4) at = memcpy(whole, at, (size_t)blocks * BYTES);
        __m512i q = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(at + 1)));
        for (int b = 1; b < 4; b++)
            q = _mm512_mask_broadcast_i32x4(q, (__mmask16)(15 << 4 * b),
                                            _mm_loadu_si128((const __m128i *)(at + b * BYTES + 1)));
        __m512i low, high;
        look_up_nibbles(values, q, &low, &high);
        const __m512i exponents =
            _mm512_maskz_permutexvar_epi8(0x1111111111111111, exponents_at, _mm512_loadu_si512(at));
        // Multiplying with 2^(exponent - 128) this way is exact for every exponent, also for those of denormal scales.
        const __m512 power = _mm512_cvtepi32_ps(_mm512_sub_epi32(exponents, _mm512_set1_epi32(128)));
        for (int t = 0; t < tokens; t++) {
            const nibble_input *in = INPUT(nibble_input, g, t, step);
            const __m512i dots = dot(dot(in->start, low, in->low), high, in->high);
            sums[t][r].products = add_scaled(sums[t][r].products, dots, _mm512_scalef_ps(in->scale, power));
        }
    }
}

INLINE void rows_mxfp4(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = 4 * sizeof(struct block_mxfp4);
    const int64_t whole = g->cols / 128, rest = g->cols % 128;
    for (int64_t step = 0; step < whole; step++) {
        prefetch_step(g, (size_t)step * bytes, bytes);
        mxfp4_step(g, step, 4, tokens, sums);
    }
    if (rest > 0) mxfp4_step(g, whole, (int)rest / 32, tokens, sums);
}

// MARK: Q8_0. A step processes two blocks.

typedef struct q8_0_input {
    __m512i q, start;
    __m512 scale;  // of the two blocks, in turn
} q8_0_input;

enum { PREPARED_BYTES_q8_0 = CHUNK / 64 * sizeof(q8_0_input) };
static void prepare_q8_0(const activation_chunk *x, void *out) {
    for (int step = 0; step < CHUNK / 64; step++) {
        q8_0_input *in = (q8_0_input *)out + step;
        in->q = _mm512_load_si512(x->q + 64 * step);
        in->start = start_of(-128, in->q);
        in->scale = _mm512_castpd_ps(_mm512_broadcastsd_pd(_mm_load_sd((const double *)(x->scale + 2 * step))));
    }
}

INLINE void q8_0_step(const row_group *g, int64_t step, int blocks, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t at = (size_t)step * 2 * sizeof(struct block_q8_0);
    // Blocks are 17 words long; row r's scales go to words r and 17 + r of one vector.
    const __m512i heads_at = _mm512_castsi128_si512(_mm_setr_epi16(0, 17, 1, 18, 2, 19, 3, 20));
    __m512i heads = _mm512_setzero_si512();
    for (int r = 0; r < ROWS_TOGETHER; r++)
        heads = _mm512_mask_loadu_epi16(heads, (__mmask32)(blocks > 1 ? 0x20001 : 1) << r, g->rows[r] + at - 2 * r);
    const __m256 d = _mm256_cvtph_ps(_mm512_castsi512_si128(_mm512_permutexvar_epi16(heads_at, heads)));
    __m512 factors[4];
    for (int t = 0; t < tokens; t++)
        factors[t] =
            _mm512_castps256_ps512(_mm256_mul_ps(d, _mm512_castps512_ps256(INPUT(q8_0_input, g, t, step)->scale)));
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *b = g->rows[r] + at;
        __m512i bytes = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(b + 2)));
        if (blocks > 1) bytes = _mm512_inserti64x4(bytes, _mm256_loadu_si256((const __m256i *)(b + 36)), 1);
        const __m512i w = _mm512_xor_si512(bytes, _mm512_set1_epi8(-128));
        const __m512i of_row = _mm512_add_epi32(_mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1),
                                                _mm512_set1_epi32(2 * r));
        for (int t = 0; t < tokens; t++) {
            const q8_0_input *in = INPUT(q8_0_input, g, t, step);
            sums[t][r].products =
                add_scaled(sums[t][r].products, dot(in->start, w, in->q), _mm512_permutexvar_ps(of_row, factors[t]));
        }
    }
}

INLINE void rows_q8_0(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = 2 * sizeof(struct block_q8_0);
    const int64_t whole = g->cols / 64;
    for (int64_t step = 0; step < whole; step++) {
        prefetch_step(g, (size_t)step * bytes, bytes);
        q8_0_step(g, step, 2, tokens, sums);
    }
    if (g->cols % 64 > 0) q8_0_step(g, whole, 1, tokens, sums);
}
