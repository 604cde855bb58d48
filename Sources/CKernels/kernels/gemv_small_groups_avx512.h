// Rows of blocks of 256 weights with few bits and scales of less than a byte. (Included once by gemv_avx512.h, which
// explains the method, after gemv_superblocks_avx512.h.)

/// Sixteen bytes at `at` in each row's block, a 128-bit lane for each row.
INLINE __m512i sixteen_of_rows(const row_group *g, size_t at) {
    __m512i lanes = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(g->rows[0] + at)));
    for (int r = 1; r < ROWS_TOGETHER; r++)
        lanes = _mm512_mask_broadcast_i32x4(lanes, (__mmask16)(15 << 4 * r),
                                            _mm_loadu_si128((const __m128i *)(g->rows[r] + at)));
    return lanes;
}
/// Word `word` of each 128-bit lane, a half, as a float in four lanes each.
INLINE __m512 half_of_rows(__m512i lanes, int word) {
    int16_t index[32];
    for (int i = 0; i < 32; i++) index[i] = (int16_t)(i % LANES / 4 * 8 + word);
    return halves_at(_mm512_loadu_si512(index), lanes);
}
/// Two halves at `at` in each row's block, each in the four lanes of its row.
INLINE void pairs_of_rows(const row_group *g, size_t at, __m512 *first, __m512 *second) {
    int32_t pairs[ROWS_TOGETHER];
    for (int r = 0; r < ROWS_TOGETHER; r++) memcpy(&pairs[r], g->rows[r] + at, sizeof pairs[r]);
    const __m512 halves =
        _mm512_castps256_ps512(_mm256_cvtph_ps(_mm_setr_epi32(pairs[0], pairs[1], pairs[2], pairs[3])));
    const __m512i index = _mm512_setr_epi32(0, 0, 0, 0, 2, 2, 2, 2, 4, 4, 4, 4, 6, 6, 6, 6);
    *first = _mm512_permutexvar_ps(index, halves);
    *second = _mm512_permutexvar_ps(_mm512_add_epi32(index, _mm512_set1_epi32(1)), halves);
}
/// Shuffles the bytes of each 128-bit lane in the same way; -1 stands for zero.
INLINE __m512i shuffle_lanes(__m512i lanes, __m128i index) {
    return _mm512_shuffle_epi8(lanes, _mm512_broadcast_i32x4(index));
}

// MARK: IQ4_XS. A step processes one block of 256.

typedef struct iq4_xs_input {
    __m512i low[2], high[2], start[2];  // elements 0…15 of groups 0…3 and 4…7, and 16…31
    __m512 scale[2];                    // of these groups, repeated for four rows
} iq4_xs_input;

enum { PREPARED_BYTES_iq4_xs = sizeof(iq4_xs_input) };
static void prepare_iq4_xs(const activation_chunk *x, void *out) {
    iq4_xs_input *in = out;
    for (int i = 0; i < 2; i++) {
        const nibble_input groups = nibble_input_of((nibble_form){.offset = WIDE_ZERO}, x, i);
        in->low[i] = groups.low;
        in->high[i] = groups.high;
        in->start[i] = groups.start;
        in->scale[i] = _mm512_broadcast_f32x4(_mm_loadu_ps(x->scale + 4 * i));
    }
}

/// The scales of groups 4i … 4i + 3, minus 32, of four rows whose blocks start with the bytes in `heads`.
INLINE __m512 scales_iq4_xs(__m512i heads, int i) {
    // A byte with two low halves of scales, and above it the byte with the upper bits of all four.
    const char low = (char)(4 + 2 * i), next = (char)(low + 1), high = (char)(2 + i);
    const __m512i bits = shuffle_lanes(
        heads, _mm_setr_epi8(low, high, -1, -1, low, high, -1, -1, next, high, -1, -1, next, high, -1, -1));
    const __m512i low_bits = _mm512_srlv_epi32(bits, _mm512_broadcast_i32x4(_mm_setr_epi32(0, 4, 0, 4)));
    const __m512i high_bits = _mm512_srlv_epi32(bits, _mm512_broadcast_i32x4(_mm_setr_epi32(4, 6, 8, 10)));
    const __m512i scales = _mm512_ternarylogic_epi32(_mm512_and_si512(low_bits, _mm512_set1_epi32(15)), high_bits,
                                                     _mm512_set1_epi32(0x30), 0xf8);  // a | (b & c)
    return _mm512_cvtepi32_ps(_mm512_sub_epi32(scales, _mm512_set1_epi32(32)));
}

INLINE void iq4_xs_step(const row_group *g, int64_t step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t at = (size_t)step * sizeof(struct block_iq4_xs);
    const __m512i values = four_times(iq4_bytes());
    const __m512i heads = sixteen_of_rows(g, at);
    const __m512 d = half_of_rows(heads, 0);
    __m512 factors[4][2];
    for (int i = 0; i < 2; i++) {
        const __m512 scale = _mm512_mul_ps(scales_iq4_xs(heads, i), d);
        for (int t = 0; t < tokens; t++)
            factors[t][i] = _mm512_mul_ps(scale, INPUT(iq4_xs_input, g, t, step)->scale[i]);
    }
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *q = g->rows[r] + at + offsetof(struct block_iq4_xs, q);
        __m512i low[2], high[2];
        for (int i = 0; i < 2; i++) look_up_nibbles(values, _mm512_loadu_si512(q + 64 * i), &low[i], &high[i]);
        for (int t = 0; t < tokens; t++) {
            const iq4_xs_input *in = INPUT(iq4_xs_input, g, t, step);
            row_sums *s = &sums[t][r];
            for (int i = 0; i < 2; i++)
                s->products = add_scaled(s->products, dot(dot(in->start[i], low[i], in->low[i]), high[i], in->high[i]),
                                         _mm512_permutexvar_ps(lanes_of_row(r), factors[t][i]));
        }
    }
}

INLINE void rows_iq4_xs(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = sizeof(struct block_iq4_xs);
    for (int64_t c = 0; c < g->cols / CHUNK; c++) {
        prefetch_step(g, (size_t)c * bytes, bytes);
        iq4_xs_step(g, c, tokens, sums);
    }
}

// MARK: Q2_K and Q3_K. A step processes one block of 256.
//
// Groups of 16 are only four words of 32 bits, so that each vector of products would need factors of its own. Instead,
// four rows are transposed: lane 4r + j of a vector has word k of group j of row r, and the products of all k are added
// as integers.

/// Part i of the input belongs to bits 2i and 2i + 1 of the weights' bytes: groups 2i, 2i + 1, 8 + 2i and 8 + 2i + 1.
typedef struct quarter_input {
    int32_t q[4][4][4];  // [i][k]: word k of the four groups
    int32_t start[4][4];
    float scale[4][4], sum[4][4];
} quarter_input;

/// Repeated for four rows.
INLINE __m512i four_words(const int32_t words[4]) {
    return _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)words));
}
INLINE __m512 four_floats(const float floats[4]) { return _mm512_broadcast_f32x4(_mm_load_ps(floats)); }

/// The weights of part i are used `times[i]` times as large and their scales `scale` times, which the factors make up
/// for.
INLINE void prepare_quarters(const int times[4], float scale, int offset, const activation_chunk *x,
                             quarter_input *out) {
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            const int group = 2 * i + j % 2 + j / 2 * 8;
            int32_t sum = 0;
            for (int e = 0; e < 16; e++) sum += x->q[16 * group + e];
            for (int k = 0; k < 4; k++) memcpy(&out->q[i][k][j], x->q + 16 * group + 4 * k, 4);
            out->start[i][j] = -offset * times[i] * sum;
            out->scale[i][j] = x->scale[group / 2] / ((float)times[i] * scale);
            out->sum[i][j] = x->sum16[group];
        }
}
#define Q2_K_TIMES ((const int[4]){1, 4, 16, 64})
#define Q3_K_TIMES ((const int[4]){1, 1, 16, 16})

enum { PREPARED_BYTES_q2_k = sizeof(quarter_input), PREPARED_BYTES_q3_k = sizeof(quarter_input) };
static void prepare_q2_k(const activation_chunk *x, void *out) { prepare_quarters(Q2_K_TIMES, 1, 0, x, out); }
static void prepare_q3_k(const activation_chunk *x, void *out) { prepare_quarters(Q3_K_TIMES, 0x1p24f, 4, x, out); }

/// Word k of each 128-bit lane of four rows' 64 bytes: lane 4r + j of out[k] is lane 4j + k of row r.
INLINE void transpose_rows(const __m512i rows[ROWS_TOGETHER], __m512i out[4]) {
    for (int k = 0; k < 4; k += 2) {
        const __m512i index = _mm512_add_epi32(
            _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29), _mm512_set1_epi32(k));
        const __m512i first = _mm512_permutex2var_epi32(rows[0], index, rows[1]);
        const __m512i second = _mm512_permutex2var_epi32(rows[2], index, rows[3]);
        out[k] = _mm512_shuffle_i64x2(first, second, 0x44);
        out[k + 1] = _mm512_shuffle_i64x2(first, second, 0xee);
    }
}

typedef struct quarter_dots {
    __m512i part[4];
} quarter_dots;

INLINE quarter_dots start_quarters(const row_group *g, int64_t step, int t) {
    const quarter_input *in = INPUT(quarter_input, g, t, step);
    quarter_dots dots;
    for (int i = 0; i < 4; i++) dots.part[i] = four_words(in->start[i]);
    return dots;
}
/// Adds the products of word k of all groups.
INLINE void add_quarters(const row_group *g, int64_t step, int t, int k, const __m512i w[4], quarter_dots *dots) {
    const quarter_input *in = INPUT(quarter_input, g, t, step);
    for (int i = 0; i < 4; i++) dots->part[i] = dot(dots->part[i], w[i], four_words(in->q[i][k]));
}
/// Adds the products with their scales, except d.
INLINE __m512 scale_quarters(const row_group *g, int64_t step, int t, const __m512 scales[4],
                             const quarter_dots *dots) {
    const quarter_input *in = INPUT(quarter_input, g, t, step);
    __m512 sum = _mm512_setzero_ps();
    for (int i = 0; i < 4; i++)
        sum = add_scaled(sum, dots->part[i], _mm512_mul_ps(scales[i], four_floats(in->scale[i])));
    return sum;
}

INLINE void q2_k_step(const row_group *g, int64_t step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t at = (size_t)step * sizeof(struct block_q2_k);
    __m512i q[ROWS_TOGETHER], words[4];
    for (int r = 0; r < ROWS_TOGETHER; r++) q[r] = _mm512_loadu_si512(g->rows[r] + at + offsetof(struct block_q2_k, q));
    transpose_rows(q, words);
    quarter_dots dots[4];
    for (int t = 0; t < tokens; t++) dots[t] = (quarter_dots){0};
    for (int k = 0; k < 4; k++) {
        __m512i w[4];
        for (int i = 0; i < 4; i++) w[i] = _mm512_and_si512(words[k], _mm512_set1_epi8((char)(3 << 2 * i)));
        for (int t = 0; t < tokens; t++) add_quarters(g, step, t, k, w, &dots[t]);
    }
    const __m512i bytes = sixteen_of_rows(g, at);
    __m512 scales[4], minimums[4];
    for (int i = 0; i < 4; i++) {
        const char g0 = (char)(2 * i), g1 = (char)(g0 + 1), g2 = (char)(g0 + 8), g3 = (char)(g0 + 9);
        const __m512i both =
            shuffle_lanes(bytes, _mm_setr_epi8(g0, -1, -1, -1, g1, -1, -1, -1, g2, -1, -1, -1, g3, -1, -1, -1));
        scales[i] = _mm512_cvtepi32_ps(_mm512_and_si512(both, _mm512_set1_epi32(15)));
        minimums[i] = _mm512_cvtepi32_ps(_mm512_srli_epi32(both, 4));
    }
    __m512 d, d_min;
    pairs_of_rows(g, at + offsetof(struct block_q2_k, d), &d, &d_min);
    for (int t = 0; t < tokens; t++) {
        const quarter_input *in = INPUT(quarter_input, g, t, step);
        row_sums *s = &sums[t][0];
        __m512 offsets = _mm512_setzero_ps();
        for (int i = 0; i < 4; i++) offsets = _mm512_fmadd_ps(minimums[i], four_floats(in->sum[i]), offsets);
        s->offsets = _mm512_fnmadd_ps(offsets, d_min, s->offsets);
        s->products = _mm512_fmadd_ps(scale_quarters(g, step, t, scales, &dots[t]), d, s->products);
    }
}

INLINE void rows_q2_k(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = sizeof(struct block_q2_k);
    for (int64_t c = 0; c < g->cols / CHUNK; c++) {
        prefetch_step(g, (size_t)c * bytes, bytes);
        q2_k_step(g, c, tokens, sums);
    }
    divide_sums(tokens, sums);
}

/// The third bits of the weights in the order of transpose_rows. The lower four bits of a byte belong to the four
/// parts; the upper ones are arbitrary.
INLINE void third_bits(const row_group *g, size_t at, __m512i out[4]) {
    __m512i pairs[2];
    for (int i = 0; i < 2; i++)
        pairs[i] =
            _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(g->rows[2 * i] + at))),
                               _mm256_loadu_si256((const __m256i *)(g->rows[2 * i + 1] + at)), 1);
    const __m512i second_half = _mm512_setr_epi32(0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4);
    for (int k = 0; k < 4; k++) {
        const __m512i index = _mm512_add_epi32(
            _mm512_setr_epi32(0, 4, 0, 4, 8, 12, 8, 12, 16, 20, 16, 20, 24, 28, 24, 28), _mm512_set1_epi32(k));
        out[k] = _mm512_srlv_epi32(_mm512_permutex2var_epi32(pairs[0], index, pairs[1]), second_half);
    }
}

/// The sixteen scales minus 32 of four rows, whose packed scales are bytes 2…13 of the 128-bit lanes: see
/// unpack_scales_q3_k.
INLINE __m512i scales_q3_k(__m512i tails) {
    const __m512i low = shuffle_lanes(tails, _mm_setr_epi8(2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9));
    const __m512i high =
        shuffle_lanes(tails, _mm_setr_epi8(10, 11, 12, 13, 10, 11, 12, 13, 10, 11, 12, 13, 10, 11, 12, 13));
    const __m512i low_bits = _mm512_srlv_epi32(low, _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 4, 4)));
    const __m512i high_bits = _mm512_rolv_epi32(high, _mm512_broadcast_i32x4(_mm_setr_epi32(4, 2, 0, 30)));
    const __m512i scales = _mm512_ternarylogic_epi32(_mm512_and_si512(low_bits, _mm512_set1_epi8(15)), high_bits,
                                                     _mm512_set1_epi8(0x30), 0xf8);  // a | (b & c)
    return _mm512_sub_epi8(scales, _mm512_set1_epi8(32));
}

INLINE void q3_k_step(const row_group *g, int64_t step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t at = (size_t)step * sizeof(struct block_q3_k);
    __m512i q[ROWS_TOGETHER], words[4], high[4];
    for (int r = 0; r < ROWS_TOGETHER; r++) q[r] = _mm512_loadu_si512(g->rows[r] + at + offsetof(struct block_q3_k, q));
    transpose_rows(q, words);
    third_bits(g, at + offsetof(struct block_q3_k, high), high);
    quarter_dots dots[4];
    for (int t = 0; t < tokens; t++) dots[t] = start_quarters(g, step, t);
    // Bits 0 and 2 of the index as bits 2 and 6, and bits 1 and 3.
    const __m512i evens = four_times((u8x16){0, 4, 0, 4, 64, 68, 64, 68, 0, 4, 0, 4, 64, 68, 64, 68});
    const __m512i odds = four_times((u8x16){0, 0, 4, 4, 0, 0, 4, 4, 64, 64, 68, 68, 64, 64, 68, 68});
    const __m512i twos = _mm512_set1_epi8(0x33);
    for (int k = 0; k < 4; k++) {
        // Parts 0 and 2 in the nibbles, and 1 and 3: (a & b) | c.
        const __m512i even = _mm512_ternarylogic_epi32(words[k], twos, _mm512_permutexvar_epi8(high[k], evens), 0xea);
        const __m512i odd = _mm512_ternarylogic_epi32(_mm512_srli_epi16(words[k], 2), twos,
                                                      _mm512_permutexvar_epi8(high[k], odds), 0xea);
        const __m512i low = _mm512_set1_epi8(15), upper = _mm512_set1_epi8(-16);
        const __m512i w[4] = {_mm512_and_si512(even, low), _mm512_and_si512(odd, low), _mm512_and_si512(even, upper),
                              _mm512_and_si512(odd, upper)};
        for (int t = 0; t < tokens; t++) add_quarters(g, step, t, k, w, &dots[t]);
    }
    // The last sixteen bytes of the block: two others, the packed scales, d.
    const __m512i tails = sixteen_of_rows(g, at + sizeof(struct block_q3_k) - 16);
    const __m512i bytes = scales_q3_k(tails);
    __m512 scales[4];
    for (int i = 0; i < 4; i++) {
        // The upper bytes of words, 2^24 times as large.
        const char g0 = (char)(2 * i), g1 = (char)(g0 + 1), g2 = (char)(g0 + 8), g3 = (char)(g0 + 9);
        scales[i] = _mm512_cvtepi32_ps(
            shuffle_lanes(bytes, _mm_setr_epi8(-1, -1, -1, g0, -1, -1, -1, g1, -1, -1, -1, g2, -1, -1, -1, g3)));
    }
    const __m512 d = half_of_rows(tails, 7);
    for (int t = 0; t < tokens; t++)
        sums[t][0].products = _mm512_fmadd_ps(scale_quarters(g, step, t, scales, &dots[t]), d, sums[t][0].products);
}

INLINE void rows_q3_k(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = sizeof(struct block_q3_k);
    for (int64_t c = 0; c < g->cols / CHUNK; c++) {
        prefetch_step(g, (size_t)c * bytes, bytes);
        q3_k_step(g, c, tokens, sums);
    }
    divide_sums(tokens, sums);
}
