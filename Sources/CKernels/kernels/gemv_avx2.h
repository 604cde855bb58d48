// How gemv.h multiplies a chunk on AVX2. (Included by gemv.h.)
//
// The products of a group are added as integers, and group g of a chunk ends in lane g of a vector, which takes one
// conversion and one multiplication by scales for eight groups. stripe_products_avx2.h adds the same numbers in the
// same order.

/// A chunk of the input.
typedef struct row_input {
    _Alignas(32) int8_t q[CHUNK];
    float scale[8], sum32[8], sum16[LANES];
    // Sums of q over a group, of bytes 0 and 1 of each four, and of bytes 2 and 3. Of groups of 16, the even ones come
    // first.
    int16_t pair_sums32[8][2], pair_sums16[2][8][2];
} row_input;

static void prepare_rows(const activation_chunk *x, void *out) {
    row_input *in = out;
    memcpy(in->q, x->q, sizeof in->q);
    memcpy(in->scale, x->scale, sizeof in->scale);
    memcpy(in->sum32, x->sum32, sizeof in->sum32);
    memcpy(in->sum16, x->sum16, sizeof in->sum16);
    for (int g = 0; g < 8; g++) {
        __m256i sums = _mm256_load_si256((const __m256i *)(x->q + 32 * g));
        sums = _mm256_maddubs_epi16(_mm256_set1_epi8(1), sums);
        sums = _mm256_add_epi16(sums, _mm256_shuffle_epi32(sums, 0x4e));
        sums = _mm256_add_epi16(sums, _mm256_shuffle_epi32(sums, 0xb1));
        const __m128i even = _mm256_castsi256_si128(sums), odd = _mm256_extracti128_si256(sums, 1);
        _mm_storeu_si32(in->pair_sums16[0][g], even);
        _mm_storeu_si32(in->pair_sums16[1][g], odd);
        _mm_storeu_si32(in->pair_sums32[g], _mm_add_epi16(even, odd));
    }
}
#define ROW_INPUT prepare_rows, sizeof(row_input)

/// weight = scale · (q - zero) + offset, where offset is 0 without `minimums`.
typedef struct chunk_kind {
    int group;
    bool wide;    // q uses all eight bits: see dot4
    int largest;  // q
    int zero;
    bool minimums;
} chunk_kind;
#define CHUNK_KIND(suffix, group, largest)                                                                             \
    (chunk_kind) {                                                                                                     \
        group, (largest) > 127, largest, zeros[FORMAT_##suffix], (largest) <= 127 && zeros[FORMAT_##suffix] == 0       \
    }

/// Products of 32 weights and activations. With VNNI they are added in fours, else in pairs, to words.
INLINE __m256i byte_products(__m256i weights, __m256i x, bool wide) {
#if defined(SOTTO_LANES_AVX_VNNI)
    (void)wide;
    return _mm256_dpbusd_avx_epi32(_mm256_setzero_si256(), weights, x);
#else
    // See dot4.
    return wide ? _mm256_maddubs_epi16(_mm256_abs_epi8(weights), _mm256_sign_epi8(x, weights))
                : _mm256_maddubs_epi16(weights, x);
#endif
}

/// The number of products of two bytes that can be added in a word.
INLINE int word_products(chunk_kind kind) {
#if defined(SOTTO_LANES_AVX_VNNI)
    (void)kind;
    return 0;
#else
    return kind.wide ? 2 : INT16_MAX / (127 * kind.largest);
#endif
}

INLINE __m256i sum_pairs(__m256i words) { return _mm256_madd_epi16(words, _mm256_set1_epi16(1)); }
INLINE __m256i add_sums(__m256i a, __m256i b, bool words) {
    return words ? _mm256_add_epi16(a, b) : _mm256_add_epi32(a, b);
}

/// The sums of products of groups of 16: even groups, then odd ones.
INLINE void dots_of_16(chunk_kind kind, const u8x64 q[4], const row_input *x, __m256i out[2]) {
    __m256i v[8];
    memcpy(v, q, sizeof v);
    const int products = word_products(kind);
    for (int i = 0; i < 8; i++) {
        v[i] = byte_products(v[i], _mm256_load_si256((const __m256i *)(x->q + 32 * i)), kind.wide);
        if (products < 4 && products > 0) v[i] = sum_pairs(v[i]);
    }
    // Each half of a vector is folded, that of v[2i] to its lower 64 bits and that of v[2i + 1] to the upper ones.
    for (int i = 0; i < 4; i++) {
        const __m256i a = v[2 * i], b = v[2 * i + 1];
        v[i] = add_sums(_mm256_blend_epi32(a, b, 0xcc), _mm256_alignr_epi8(b, a, 8), products >= 4);
        if (products >= 4 && products < 8) v[i] = sum_pairs(v[i]);
    }
    for (int i = 0; i < 2; i++) {
        const __m256 a = _mm256_castsi256_ps(v[2 * i]), b = _mm256_castsi256_ps(v[2 * i + 1]);
        v[i] = add_sums(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)),
                        _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd)), products >= 8);
        if (products >= 8) v[i] = sum_pairs(v[i]);
    }
    out[0] = _mm256_permute2x128_si256(v[0], v[1], 0x20);
    out[1] = _mm256_permute2x128_si256(v[0], v[1], 0x31);
}

/// -zero · Σ q of eight groups.
INLINE __m256i dots_of_zero(int zero, const int16_t sums[8][2]) {
    return _mm256_madd_epi16(_mm256_load_si256((const __m256i *)sums), _mm256_set1_epi16((int16_t)-zero));
}

/// Running sums of a row, those of groups g and g + 8 in lane g for offsets, and of groups of 16 in lane g / 2 for
/// products.
typedef struct dot_sums {
    __m256 products, offsets;
} dot_sums;

INLINE __m256 add_dots(__m256 sum, __m256i dots, __m256 scale, __m256 x_scale) {
    return _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), _mm256_mul_ps(scale, x_scale), sum);
}

INLINE void chunk_dot(chunk_kind kind, const weight_chunk *w, const row_input *x, int64_t parts, dot_sums *sums) {
    (void)parts;  // scales and offsets of the others are zero
    const __m256 low = (__m256)f32x16_low(w->scale), high = (__m256)f32x16_high(w->scale);
    const __m256 x_scale = _mm256_load_ps(x->scale);
    __m256i dots[2];
    dots_of_16(kind, w->q, x, dots);
    if (kind.group == 32) {
        __m256i all = _mm256_add_epi32(dots[0], dots[1]);
        if (kind.zero) all = _mm256_add_epi32(all, dots_of_zero(kind.zero, x->pair_sums32));
        sums->products = add_dots(sums->products, all, low, x_scale);
    } else {
        const __m256 scale[2] = {_mm256_shuffle_ps(low, high, 0x88), _mm256_shuffle_ps(low, high, 0xdd)};
        for (int odd = 0; odd < 2; odd++) {
            if (kind.zero) dots[odd] = _mm256_add_epi32(dots[odd], dots_of_zero(kind.zero, x->pair_sums16[odd]));
            const __m256 ordered =
                _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(scale[odd]), _MM_SHUFFLE(3, 1, 2, 0)));
            sums->products = add_dots(sums->products, dots[odd], ordered, x_scale);
        }
    }
    if (!kind.minimums) return;
    const __m256 offset = (__m256)f32x16_low(w->offset);
    sums->offsets = _mm256_fmadd_ps(offset, _mm256_load_ps(kind.group == 32 ? x->sum32 : x->sum16), sums->offsets);
    if (kind.group == 16)
        sums->offsets = _mm256_fmadd_ps((__m256)f32x16_high(w->offset), _mm256_load_ps(x->sum16 + 8), sums->offsets);
}

INLINE float row_total(const dot_sums *sums) { return f32x8_sum((f32x8)_mm256_add_ps(sums->products, sums->offsets)); }
