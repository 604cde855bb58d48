// Rows of blocks of 256 weights. (Included once by gemv_avx512.h, which explains the method.)

/// In the loops below, lane 4r + i of a vector has a factor of row r. This is the permutation that gives each of row
/// r's factors to four lanes.
INLINE __m512i lanes_of_row(int r) {
    return _mm512_add_epi32(_mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3),
                            _mm512_set1_epi32(4 * r));
}
/// The 128-bit lane of row r.
INLINE __m512 lane_of_row(int r, __m512 lanes) { return _mm512_maskz_mov_ps((__mmask16)(15 << 4 * r), lanes); }
/// Divides the offsets of all four rows, a 128-bit lane each, which have been added to those of the first row.
INLINE void divide_offsets(int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    for (int t = 0; t < tokens; t++)
        for (int r = ROWS_TOGETHER - 1; r >= 0; r--) sums[t][r].offsets = lane_of_row(r, sums[t][0].offsets);
}
/// The same for products and offsets.
INLINE void divide_sums(int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    divide_offsets(tokens, sums);
    for (int t = 0; t < tokens; t++)
        for (int r = ROWS_TOGETHER - 1; r >= 0; r--) sums[t][r].products = lane_of_row(r, sums[t][0].products);
}

// MARK: Q4_K and Q5_K. A step processes one block of 256.

/// Unpacks the six-bit scales and minima of four rows to bytes: eight scales, then eight minima. Each row's twelve
/// packed bytes follow d and d_min in a 128-bit lane; see unpack_scales_k for the packing.
INLINE __m512i scales_k_of_four(__m512i heads) {
    const __m512i first = _mm512_shuffle_epi32(heads, _MM_PERM_DCDB);   // words a, c, b, c
    const __m512i second = _mm512_shuffle_epi32(heads, _MM_PERM_CABA);  // words -, a, -, b
    const __m512i low =
        _mm512_and_si512(_mm512_srlv_epi32(first, _mm512_setr_epi32(0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4)),
                         _mm512_set4_epi32(0x0f0f0f0f, 0x3f3f3f3f, 0x0f0f0f0f, 0x3f3f3f3f));
    const __m512i high =
        _mm512_and_si512(_mm512_srli_epi32(second, 2), _mm512_set4_epi32(0x30303030, 0, 0x30303030, 0));
    return _mm512_or_si512(low, high);
}

/// The input in the order of the weights' bytes: a vector holds sixteen elements of four groups, the even ones or the
/// odd ones. Factors are repeated for four rows. Four-bit weights of the odd groups are used as they are in the upper
/// half of their byte, 16 times as large, and the factors of these groups make up for it.
typedef struct k_input {
    __m512i even[2], odd[2];
    __m512 scale[2], sum[2];  // of the even groups and the odd ones
} k_input;

INLINE void prepare_k(bool five_bits, const activation_chunk *x, k_input *out) {
    const __m512i a = _mm512_load_si512(x->q), b = _mm512_load_si512(x->q + 64);
    const __m512i c = _mm512_load_si512(x->q + 128), d = _mm512_load_si512(x->q + 192);
    const __m512i even_low = _mm512_shuffle_i64x2(a, b, 0x44), odd_low = _mm512_shuffle_i64x2(a, b, 0xee);
    const __m512i even_high = _mm512_shuffle_i64x2(c, d, 0x44), odd_high = _mm512_shuffle_i64x2(c, d, 0xee);
    const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6);
    const __m512i odds = _mm512_setr_epi32(1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7);
    const __m512 scales = _mm512_castps256_ps512(_mm256_load_ps(x->scale));
    const __m512 sums = _mm512_castps256_ps512(_mm256_load_ps(x->sum32));
    const __m512 odd_scales = _mm512_permutexvar_ps(odds, scales);
    *out = (k_input){
        .even = {_mm512_shuffle_i64x2(even_low, even_high, 0x88), _mm512_shuffle_i64x2(even_low, even_high, 0xdd)},
        .odd = {_mm512_shuffle_i64x2(odd_low, odd_high, 0x88), _mm512_shuffle_i64x2(odd_low, odd_high, 0xdd)},
        .scale = {_mm512_permutexvar_ps(evens, scales),
                  five_bits ? odd_scales : _mm512_mul_ps(odd_scales, _mm512_set1_ps(1.0f / 16))},
        .sum = {_mm512_permutexvar_ps(evens, sums), _mm512_permutexvar_ps(odds, sums)}};
}

/// Lane 4r + i of a vector: byte `first` + 2i of 128-bit lane r.
INLINE __m512 every_second_byte(__m512i bytes, int first) {
    const __m128i lanes = _mm_setr_epi8((char)first, -1, -1, -1, (char)(first + 2), -1, -1, -1, (char)(first + 4), -1,
                                        -1, -1, (char)(first + 6), -1, -1, -1);
    return _mm512_cvtepi32_ps(_mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(lanes)));
}
/// Lane 4r + i of `first` and `second`: the first and the second word of 128-bit lane r, as half-precision numbers.
/// (Two permutations of half a vector each would be slower than one and a move.)
INLINE void halves_of_rows(__m512i heads, __m512 *first, __m512 *second) {
    int16_t index[32];
    for (int i = 0; i < 32; i++) index[i] = (int16_t)(i % LANES / 4 * 8 + i / LANES);
    const __m512i words = _mm512_permutexvar_epi16(_mm512_loadu_si512(index), heads);
    *first = _mm512_cvtph_ps(_mm512_castsi512_si256(words));
    *second = _mm512_cvtph_ps(_mm512_extracti64x4_epi64(words, 1));
}
/// The bits of groups first, first + 2, first + 4, first + 6 (a 128-bit lane each), each moved to bit 4 of its byte;
/// the other bits are arbitrary.
INLINE __m512i fifth_bits(const uint8_t *high, int first) {
    uint8_t shift[64];
    for (int i = 0; i < 64; i++) shift[i] = (uint8_t)((8 * i + first + i / 16 * 2 + 60) % 64);
    return _mm512_multishift_epi64_epi8(_mm512_loadu_si512(shift),
                                        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)high)));
}

INLINE void k_step(bool five_bits, const row_group *g, int64_t step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t at = (size_t)step * (five_bits ? sizeof(struct block_q5_k) : sizeof(struct block_q4_k));
    const __m512i fifteen = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16), upper = _mm512_set1_epi8(-16);
    __m512i heads = _mm512_setzero_si512();
    for (int r = 0; r < ROWS_TOGETHER; r++)
        heads = _mm512_mask_broadcast_i32x4(heads, (__mmask16)(15 << 4 * r),
                                            _mm_loadu_si128((const __m128i *)(g->rows[r] + at)));
    const __m512i scales = scales_k_of_four(heads);
    __m512 d, d_min;
    halves_of_rows(heads, &d, &d_min);
    __m512 factors[4][2];
    for (int i = 0; i < 2; i++) {
        const __m512 scale = _mm512_mul_ps(every_second_byte(scales, i), d);
        const __m512 minimum = _mm512_mul_ps(every_second_byte(scales, 8 + i), d_min);
        for (int t = 0; t < tokens; t++) {
            const k_input *in = INPUT(k_input, g, t, step);
            factors[t][i] = _mm512_mul_ps(scale, in->scale[i]);
            // The sums of all four rows, a 128-bit lane each.
            sums[t][0].offsets = _mm512_fnmadd_ps(minimum, in->sum[i], sums[t][0].offsets);
        }
    }
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const uint8_t *q = g->rows[r] + at + 16 + (five_bits ? 32 : 0);
        const __m512i first = _mm512_loadu_si512(q), second = _mm512_loadu_si512(q + 64);
        const __m512i bytes[2] = {_mm512_shuffle_i64x2(first, second, 0x88), _mm512_shuffle_i64x2(first, second, 0xdd)};
        __m512i even[2], odd[2];
        for (int i = 0; i < 2; i++) {
            even[i] = _mm512_and_si512(bytes[i], fifteen);
            odd[i] = five_bits ? _mm512_and_si512(_mm512_srli_epi16(bytes[i], 4), fifteen)
                               : _mm512_and_si512(bytes[i], upper);
            if (five_bits) {
                const uint8_t *high = g->rows[r] + at + 16 + 16 * i;
                even[i] = _mm512_ternarylogic_epi32(even[i], fifth_bits(high, 0), sixteen, 0xf8);  // a | (b & c)
                odd[i] = _mm512_ternarylogic_epi32(odd[i], fifth_bits(high, 1), sixteen, 0xf8);
            }
        }
        const __m512i of_row = lanes_of_row(r);
        for (int t = 0; t < tokens; t++) {
            const k_input *in = INPUT(k_input, g, t, step);
            row_sums *s = &sums[t][r];
            const __m512i dots[2] = {dot(dot(_mm512_setzero_si512(), even[0], in->even[0]), even[1], in->even[1]),
                                     dot(dot(_mm512_setzero_si512(), odd[0], in->odd[0]), odd[1], in->odd[1])};
            for (int i = 0; i < 2; i++)
                s->products = add_scaled(s->products, dots[i], _mm512_permutexvar_ps(of_row, factors[t][i]));
        }
    }
}

#define K_ROWS(suffix, five_bits)                                                                                      \
    enum { PREPARED_BYTES_##suffix = sizeof(k_input) };                                                                \
    static void prepare_##suffix(const activation_chunk *x, void *out) { prepare_k(five_bits, x, out); }               \
    INLINE void rows_##suffix(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {                       \
        const size_t bytes = sizeof(struct block_##suffix);                                                            \
        for (int64_t c = 0; c < g->cols / CHUNK; c++) {                                                                \
            prefetch_step(g, (size_t)c *bytes, bytes);                                                                 \
            k_step(five_bits, g, c, tokens, sums);                                                                     \
        }                                                                                                              \
        divide_offsets(tokens, sums);                                                                                  \
    }
K_ROWS(q4_k, false)
K_ROWS(q5_k, true)

// MARK: Q6_K. A step processes one block of 256.

typedef struct q6_k_input {
    __m512i q[4], start[4];
    __m512 scale;  // of each group of 16
} q6_k_input;

static void prepare_q6_k(const activation_chunk *x, void *out) {
    const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    q6_k_input *in = out;
    for (int i = 0; i < 4; i++) {
        in->q[i] = _mm512_load_si512(x->q + 64 * i);
        in->start[i] = start_of(32, in->q[i]);
    }
    in->scale = _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(_mm256_load_ps(x->scale)));
}
enum { PREPARED_BYTES_q6_k = sizeof(q6_k_input) };

INLINE void q6_k_step(const row_group *g, int64_t step, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i fifteen = _mm512_set1_epi8(15), forty_eight = _mm512_set1_epi8(0x30);
    // The two upper bits of weights i, i + 32, i + 64 and i + 96 of a half, moved to bits 4 and 5.
    const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
    const __m512i right = _mm512_inserti64x4(_mm512_set1_epi16(0), _mm256_set1_epi16(2), 1);
    for (int r = 0; r < ROWS_TOGETHER; r++) {
        const struct block_q6_k *b = (const struct block_q6_k *)g->rows[r] + step;
        __m512i w[4];
        for (int half = 0; half < 2; half++) {
            const __m512i low = _mm512_loadu_si512(b->low + 64 * half);
            const __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(b->high + 32 * half)));
            w[2 * half] = _mm512_ternarylogic_epi32(_mm512_and_si512(low, fifteen), _mm512_sllv_epi16(high, left),
                                                    forty_eight, 0xf8);
            w[2 * half + 1] = _mm512_ternarylogic_epi32(_mm512_and_si512(_mm512_srli_epi16(low, 4), fifteen),
                                                        _mm512_srlv_epi16(high, right), forty_eight, 0xf8);
        }
        const __m512 d = _mm512_cvtph_ps(_mm256_set1_epi16((short)b->d));
        const __m512i scales = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)b->scales));
        const __m512 factors = _mm512_mul_ps(_mm512_cvtepi32_ps(scales), d);
        for (int t = 0; t < tokens; t++) {
            const q6_k_input *in = INPUT(q6_k_input, g, t, step);
            const __m512 scale = _mm512_mul_ps(factors, in->scale);
            for (int i = 0; i < 4; i++) {
                const __m512i spread = _mm512_add_epi32(
                    _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), _mm512_set1_epi32(4 * i));
                sums[t][r].products = add_scaled(sums[t][r].products, dot(in->start[i], w[i], in->q[i]),
                                                 _mm512_permutexvar_ps(spread, scale));
            }
        }
    }
}

INLINE void rows_q6_k(const row_group *g, int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const size_t bytes = sizeof(struct block_q6_k);
    for (int64_t c = 0; c < g->cols / CHUNK; c++) {
        prefetch_step(g, (size_t)c * bytes, bytes);
        q6_k_step(g, c, tokens, sums);
    }
}
