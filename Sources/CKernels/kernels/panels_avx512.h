// Panels of the most frequent formats, for AVX-512. (Included once by gemm.h.)
//
// The general way unpacks each row and then transposes the result. Here the packed words are transposed, which are half
// as many or fewer, and unpacked afterwards, sixteen rows at a time. It matters where few tokens share a panel: with
// 128 experts, 512 tokens are about 32 for each.

/// Transposes words first…first + 15 of sixteen rows.
INLINE void transpose_words(const uint8_t *const rows[LANES], size_t offset, u32x16 out[LANES]) {
    uint32_t words[LANES][LANES];
    for (int r = 0; r < LANES; r++) memcpy(words[r], rows[r] + offset, sizeof words[r]);
    transpose_16x16(words[0], LANES, (uint32_t *)out, LANES);
}

/// Transposes the four words at `offset` of sixteen rows.
INLINE void transpose_heads(const uint8_t *const rows[LANES], size_t offset, __m512i out[4]) {
    __m512i v[4];  // 128-bit lane l of v[i]: row 4l + i
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(rows[i] + offset)));
        for (int l = 1; l < 4; l++)
            v[i] = _mm512_mask_broadcast_i32x4(v[i], (__mmask16)(15 << 4 * l),
                                               _mm_loadu_si128((const __m128i *)(rows[4 * l + i] + offset)));
    }
    const __m512i a = _mm512_unpacklo_epi32(v[0], v[1]), b = _mm512_unpackhi_epi32(v[0], v[1]);
    const __m512i c = _mm512_unpacklo_epi32(v[2], v[3]), d = _mm512_unpackhi_epi32(v[2], v[3]);
    out[0] = _mm512_unpacklo_epi64(a, c);
    out[1] = _mm512_unpackhi_epi64(a, c);
    out[2] = _mm512_unpacklo_epi64(b, d);
    out[3] = _mm512_unpackhi_epi64(b, d);
}

INLINE void panel_store(uint32_t to[LANES], u32x16 words) { u32x16_store(to, words); }
INLINE __m512 low_halves(__m512i words) { return _mm512_cvtph_ps(_mm512_cvtepi32_epi16(words)); }

/// Two groups of 32 in each eight words: the low nibbles, then the high ones.
INLINE void panel_nibbles(const u32x16 *words, int first, uint32_t (*q)[LANES]) {
    for (int w = 0; w < LANES; w++) {
        const int to = (first + w) / 8 * 16 + w % 8;
        panel_store(q[to], words[w] & 0x0f0f0f0f);
        panel_store(q[to + 8], words[w] >> 4 & 0x0f0f0f0f);
    }
}

/// The eight scales and minima of Q4_K and Q5_K; see unpack_scales_k for the packing.
INLINE void panel_scales_k(const uint8_t *const rows[LANES], panel_chunk *out) {
    __m512i heads[4];  // d and d_min, then the twelve bytes
    transpose_heads(rows, 0, heads);
    const __m512 d = low_halves(heads[0]);
    const __m512 d_min = -low_halves(_mm512_srli_epi32(heads[0], 16));
    const u32x16 a = (u32x16)heads[1], b = (u32x16)heads[2], c = (u32x16)heads[3];
    const u32x16 scales[2] = {a & 0x3f3f3f3f, (c & 0x0f0f0f0f) | (a >> 2 & 0x30303030)};
    const u32x16 minima[2] = {b & 0x3f3f3f3f, (c >> 4 & 0x0f0f0f0f) | (b >> 2 & 0x30303030)};
    for (int g = 0; g < 8; g++) {
        const __m512i scale = (__m512i)(scales[g / 4] >> (g % 4 * 8) & 0xff);
        const __m512i minimum = (__m512i)(minima[g / 4] >> (g % 4 * 8) & 0xff);
        _mm512_storeu_ps(out->scale[g], _mm512_mul_ps(_mm512_cvtepi32_ps(scale), d));
        _mm512_storeu_ps(out->offset[g], _mm512_mul_ps(_mm512_cvtepi32_ps(minimum), d_min));
    }
}

static void panel_q4_k(const uint8_t *const rows[LANES], panel_chunk *out) {
    panel_scales_k(rows, out);
    for (int half = 0; half < 2; half++) {
        u32x16 words[LANES];
        transpose_words(rows, offsetof(struct block_q4_k, q) + 64 * (size_t)half, words);
        panel_nibbles(words, LANES * half, out->q);
    }
}

static void panel_q5_k(const uint8_t *const rows[LANES], panel_chunk *out) {
    panel_scales_k(rows, out);
    u32x16 high[LANES];  // bit g of a byte belongs to group g; the first eight words are the fifth bits
    transpose_words(rows, offsetof(struct block_q5_k, high), high);
    for (int half = 0; half < 2; half++) {
        u32x16 words[LANES];
        transpose_words(rows, offsetof(struct block_q5_k, q) + 64 * (size_t)half, words);
        for (int w = 0; w < LANES; w++) {
            const int group = 4 * half + w / 8 * 2, i = w % 8;
            panel_store(out->q[8 * group + i], (words[w] & 0x0f0f0f0f) | (high[i] >> group & 0x01010101) << 4);
            panel_store(out->q[8 * group + 8 + i], (words[w] >> 4 & 0x0f0f0f0f) | (high[i] >> (group + 1) & 0x01010101)
                                                                                      << 4);
        }
    }
}

static void panel_q6_k(const uint8_t *const rows[LANES], panel_chunk *out) {
    u32x16 high[LANES];
    transpose_words(rows, offsetof(struct block_q6_k, high), high);
    for (int half = 0; half < 2; half++) {
        u32x16 low[LANES];
        transpose_words(rows, offsetof(struct block_q6_k, low) + 64 * (size_t)half, low);
        for (int i = 0; i < 8; i++) {
            const u32x16 bits = high[8 * half + i];
            uint32_t(*q)[LANES] = &out->q[32 * half + i];
            panel_store(q[0], (low[i] & 0x0f0f0f0f) | (bits << 4 & 0x30303030));
            panel_store(q[8], (low[8 + i] & 0x0f0f0f0f) | (bits << 2 & 0x30303030));
            panel_store(q[16], (low[i] >> 4 & 0x0f0f0f0f) | (bits & 0x30303030));
            panel_store(q[24], (low[8 + i] >> 4 & 0x0f0f0f0f) | (bits >> 2 & 0x30303030));
        }
    }
    __m512i scales[4];
    transpose_heads(rows, offsetof(struct block_q6_k, scales), scales);
    uint16_t halves[LANES];
    for (int r = 0; r < LANES; r++) memcpy(&halves[r], rows[r] + offsetof(struct block_q6_k, d), sizeof halves[r]);
    const __m512 d = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)halves));
    for (int g = 0; g < LANES; g++) {
        const __m512i scale = _mm512_srai_epi32(_mm512_slli_epi32(scales[g / 4], (unsigned)(24 - g % 4 * 8)), 24);
        const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(scale), d);
        _mm512_storeu_ps(out->scale[g], scaled);
        _mm512_storeu_ps(out->offset[g], _mm512_mul_ps(scaled, _mm512_set1_ps(-32)));
    }
}

/// Eight blocks of 18 bytes in each row.
static void panel_q4_0(const uint8_t *const rows[LANES], panel_chunk *out) {
    uint32_t packed[2][LANES][LANES];
    uint16_t halves[8][LANES];
    for (int r = 0; r < LANES; r++) {
        const struct block_q4_0 *b = (const struct block_q4_0 *)rows[r];
        for (int i = 0; i < 8; i++) {
            memcpy(&packed[i / 4][r][i % 4 * 4], b[i].q, sizeof b[i].q);
            halves[i][r] = b[i].d;
        }
    }
    for (int half = 0; half < 2; half++) {
        u32x16 words[LANES];
        transpose_16x16(packed[half][0], LANES, (uint32_t *)words, LANES);
        for (int w = 0; w < LANES; w++) {
            uint32_t(*q)[LANES] = &out->q[32 * half + w / 4 * 8 + w % 4];
            panel_store(q[0], words[w] & 0x0f0f0f0f);
            panel_store(q[4], words[w] >> 4 & 0x0f0f0f0f);
        }
    }
    for (int i = 0; i < 8; i++) {
        const __m512 d = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)halves[i]));
        _mm512_storeu_ps(out->scale[i], d);
        _mm512_storeu_ps(out->offset[i], _mm512_mul_ps(d, _mm512_set1_ps(-8)));
    }
}

INLINE panel_function *panel_of(int format) {
    switch (format) {
        case FORMAT_q4_0: return panel_q4_0;
        case FORMAT_q4_k: return panel_q4_k;
        case FORMAT_q5_k: return panel_q5_k;
        case FORMAT_q6_k: return panel_q6_k;
        default: return NULL;
    }
}
