// Rows of blocks of 256 weights. (Included once by gemv_avx512.h, which explains the method.)

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

/// A token's groups of 32 in the order of the weights' bytes: vector 2j has groups 4j and 4j + 2, vector 2j + 1 has
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
    // The fifth bit of group g is bit g of its byte; these shifts move it to bit 4.
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
                                           _mm512_extracti32x4_epi32(scales, 2), _mm512_extracti32x4_epi32(scales, 3)};
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
                    const __m512i bit = j == 0 ? _mm512_sllv_epi16(high, left[i]) : _mm512_srlv_epi16(high, right[i]);
                    w[2 * j + i] = _mm512_ternarylogic_epi32(w[2 * j + i], bit, sixteen, 0xf8);  // a | (b & c)
                }
        }
        for (int t = 0; t < tokens; t++) {
            row_sums *s = &sums[t][r];
            const __m512 scale = _mm512_mul_ps(factors, in[t].factors);
            s->offsets = _mm512_add_ps(s->offsets, scale);  // only the upper half matters
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
            prefetch(rows, (size_t)c *bytes, ahead, bytes);                                                            \
            k_step(five_bits, rows, (size_t)c *bytes, x + c, x_stride, tokens, sums);                                  \
        }                                                                                                              \
        for (int t = 0; t < tokens; t++)                                                                               \
            for (int r = 0; r < ROWS_TOGETHER; r++)                                                                    \
                sums[t][r].offsets = _mm512_maskz_mov_ps(0xff00, sums[t][r].offsets);                                  \
    })
K_ROWS(q4_k, false)
K_ROWS(q5_k, true)

// MARK: Q6_K. A step processes one block of 256.

INLINE void q6_k_step(const uint8_t *const rows[ROWS_TOGETHER], size_t at, const activation_chunk *x, int64_t x_stride,
                      int tokens, row_sums sums[4][ROWS_TOGETHER]) {
    const __m512i fifteen = _mm512_set1_epi8(15), forty_eight = _mm512_set1_epi8(0x30);
    const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    // The two upper bits of weights i, i + 32, i + 64 and i + 96 of a half, moved to bits 4 and 5.
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
            w[2 * half + 1] = _mm512_ternarylogic_epi32(_mm512_and_si512(_mm512_srli_epi16(low, 4), fifteen),
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
                sums[t][r].products = add_scaled(sums[t][r].products, dots, _mm512_permutexvar_ps(spread, scale));
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
