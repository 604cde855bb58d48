// How the kernels for AVX-512 read stripes. (Included once by path_avx512.c.)

/// Weights of the groups that a step processes, a vector per four columns. Some are left of the bottom of their byte:
/// see `shifts` in stripe_form.
typedef struct stripe_groups {
    __m512i w[4][8];
} stripe_groups;

INLINE __m512i stripe_load(const uint32_t words[LANES]) { return _mm512_loadu_si512(words); }
INLINE __m512 stripe_halves(const uint16_t halves[LANES]) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)halves));
}

/// The bits of `a` where the mask is one, and of `b` elsewhere.
INLINE __m512i select_bits(int8_t mask, __m512i a, __m512i b) {
    return _mm512_ternarylogic_epi32(_mm512_set1_epi8(mask), a, b, 0xca);
}

// MARK: Nibbles

INLINE void nibble_groups(const uint32_t (*q)[LANES], int group, stripe_groups *out) {
    for (int i = 0; i < 8; i++) {
        const __m512i both = stripe_load(q[4 * group + i]);
        out->w[0][i] = _mm512_and_si512(both, _mm512_set1_epi8(15));
        out->w[1][i] = _mm512_and_si512(both, _mm512_set1_epi8(-16));
    }
}

INLINE void groups_q4_0(const void *stripe, int group, stripe_groups *out) {
    nibble_groups(((const struct stripe_q4_0 *)stripe)->q, group, out);
}
INLINE __m512 scale_q4_0(const void *stripe, int group) {
    const struct stripe_q4_0 *s = stripe;
    return stripe_halves(s->d[group]);
}

// MARK: Nibbles that stand for values

INLINE void value_groups(u8x16 values, const uint32_t (*q)[LANES], int group, stripe_groups *out) {
    for (int i = 0; i < 8; i++)
        look_up_nibbles(four_times(values), stripe_load(q[4 * group + i]), &out->w[0][i], &out->w[1][i]);
}

INLINE void groups_iq4_nl(const void *stripe, int group, stripe_groups *out) {
    value_groups(iq4_bytes(), ((const struct stripe_iq4_nl *)stripe)->q, group, out);
}
INLINE __m512 scale_iq4_nl(const void *stripe, int group) {
    const struct stripe_iq4_nl *s = stripe;
    return stripe_halves(s->d[group]);
}

INLINE void groups_iq4_xs(const void *stripe, int group, stripe_groups *out) {
    value_groups(iq4_bytes(), ((const struct stripe_iq4_xs *)stripe)->q, group, out);
}
INLINE __m512 scale_iq4_xs(const void *stripe, int group) {
    const struct stripe_iq4_xs *s = stripe;
    const __m512i scales = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)s->scales[group]));
    return _mm512_mul_ps(_mm512_cvtepi32_ps(scales), stripe_halves(s->d));
}

INLINE void groups_mxfp4(const void *stripe, int group, stripe_groups *out) {
    value_groups((u8x16)FP4_VALUES, ((const struct stripe_mxfp4 *)stripe)->q, group, out);
}
INLINE __m512 scale_mxfp4(const void *stripe, int group) {
    const struct stripe_mxfp4 *s = stripe;
    f32x8 halves[2];
    for (int h = 0; h < 2; h++) {
        u8x8 exponents;
        memcpy(&exponents, s->exponents[group] + 8 * h, sizeof exponents);
        halves[h] = mxfp4_scales(__builtin_convertvector(exponents, u32x8));
    }
    return (__m512)f32x16_join(halves[0], halves[1]);
}

// MARK: Six-bit scales and minima

/// Number `group` of eight scales or minima: byte group % 4 of a vector that has them in the low six bits of its bytes,
/// multiplied with a scale. The byte is not moved to the bottom; a power of two makes up for it.
INLINE __m512 scale_of_byte(__m512i bytes, int group, __m512 scale) {
    const int bits = group % 4 * 8;
    const __m512 number = _mm512_cvtepi32_ps(_mm512_and_si512(bytes, _mm512_set1_epi32(0x3f << bits)));
    return _mm512_mul_ps(number, _mm512_mul_ps(scale, _mm512_set1_ps(1.0f / (float)(1 << bits))));
}
/// See unpack_scales_k for the packing.
INLINE __m512 scale_k(const uint32_t (*scales)[LANES], const uint16_t d[LANES], int group) {
    __m512i bytes = stripe_load(scales[0]);
    if (group >= 4) bytes = select_bits(15, stripe_load(scales[2]), _mm512_srli_epi32(bytes, 2));
    return scale_of_byte(bytes, group, stripe_halves(d));
}
INLINE __m512 minimum_k(const uint32_t (*scales)[LANES], const uint16_t d_min[LANES], int group) {
    __m512i bytes = stripe_load(scales[1]);
    if (group >= 4) bytes = select_bits(15, _mm512_srli_epi32(stripe_load(scales[2]), 4), _mm512_srli_epi32(bytes, 2));
    return scale_of_byte(bytes, group, stripe_halves(d_min));
}

INLINE void groups_q4_k(const void *stripe, int group, stripe_groups *out) {
    nibble_groups(((const struct stripe_q4_k *)stripe)->q, group, out);
}
INLINE __m512 scale_q4_k(const void *stripe, int group) {
    const struct stripe_q4_k *s = stripe;
    return scale_k(s->scales, s->d, group);
}
INLINE __m512 minimum_q4_k(const void *stripe, int group) {
    const struct stripe_q4_k *s = stripe;
    return minimum_k(s->scales, s->d_min, group);
}

INLINE void groups_q5_k(const void *stripe, int group, stripe_groups *out) {
    const struct stripe_q5_k *s = stripe;
    const __m512i fifteen = _mm512_set1_epi8(15), sixteen = _mm512_set1_epi8(16);
    for (int i = 0; i < 8; i++) {
        const __m512i both = stripe_load(s->q[4 * group + i]), high = stripe_load(s->high[i]);
        // a | (b & c): only bits of the byte itself reach bit 4, up to three bits from the left and four from the
        // right.
        const __m512i even_bit = group <= 4 ? _mm512_slli_epi16(high, (unsigned)(4 - group))
                                            : _mm512_srli_epi16(high, (unsigned)(group - 4));
        const __m512i odd_bit = group <= 2 ? _mm512_slli_epi16(high, (unsigned)(3 - group))
                                           : _mm512_srli_epi16(high, (unsigned)(group - 3));
        out->w[0][i] = _mm512_ternarylogic_epi32(_mm512_and_si512(both, fifteen), even_bit, sixteen, 0xf8);
        out->w[1][i] =
            _mm512_ternarylogic_epi32(_mm512_and_si512(_mm512_srli_epi16(both, 4), fifteen), odd_bit, sixteen, 0xf8);
    }
}
INLINE __m512 scale_q5_k(const void *stripe, int group) {
    const struct stripe_q5_k *s = stripe;
    return scale_k(s->scales, s->d, group);
}
INLINE __m512 minimum_q5_k(const void *stripe, int group) {
    const struct stripe_q5_k *s = stripe;
    return minimum_k(s->scales, s->d_min, group);
}

// MARK: Six and eight bits

INLINE void groups_q6_k(const void *stripe, int group, stripe_groups *out) {
    const struct stripe_q6_k *s = stripe;
    __m512i packed[3];
    for (int i = 0; i < 3; i++) {
        packed[i] = stripe_load(s->q[3 * group + i]);
        out->w[0][i] = _mm512_and_si512(packed[i], _mm512_set1_epi8(63));
    }
    const __m512i low = select_bits(0x0c, _mm512_srli_epi16(packed[1], 4), _mm512_srli_epi16(packed[0], 6));
    const __m512i last = select_bits(0x30, _mm512_srli_epi16(packed[2], 2), low);
    out->w[0][3] = _mm512_and_si512(last, _mm512_set1_epi8(63));
}
INLINE __m512 scale_q6_k(const void *stripe, int group) {
    const struct stripe_q6_k *s = stripe;
    const __m512i scales = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)s->scales[group]));
    return _mm512_mul_ps(_mm512_cvtepi32_ps(scales), stripe_halves(s->d));
}

INLINE void groups_q8_0(const void *stripe, int group, stripe_groups *out) {
    const struct stripe_q8_0 *s = stripe;
    for (int i = 0; i < 8; i++) out->w[0][i] = stripe_load(s->q[8 * group + i]);
}
INLINE __m512 scale_q8_0(const void *stripe, int group) {
    const struct stripe_q8_0 *s = stripe;
    return stripe_halves(s->d[group]);
}

// MARK: Two and three bits

INLINE void groups_q2_k(const void *stripe, int group, stripe_groups *out) {
    const struct stripe_q2_k *s = stripe;
    for (int i = 0; i < 4; i++) {
        const __m512i all = stripe_load(s->q[group + i]);
        for (int h = 0; h < 4; h++) out->w[h][i] = _mm512_and_si512(all, _mm512_set1_epi8((char)(3 << 2 * h)));
    }
}
INLINE __m512i scales_and_minima(const void *stripe, int group) {
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)((const struct stripe_q2_k *)stripe)->scales[group]));
}
INLINE __m512 number_q2_k(const void *stripe, int group) {
    return _mm512_cvtepi32_ps(_mm512_and_si512(scales_and_minima(stripe, group), _mm512_set1_epi32(15)));
}
INLINE __m512 minimum_number_q2_k(const void *stripe, int group) {
    return _mm512_cvtepi32_ps(_mm512_srli_epi32(scales_and_minima(stripe, group), 4));
}
INLINE __m512 scale_q2_k(const void *stripe, int group) {
    return _mm512_mul_ps(number_q2_k(stripe, group), stripe_halves(((const struct stripe_q2_k *)stripe)->d));
}
INLINE __m512 minimum_q2_k(const void *stripe, int group) {
    return _mm512_mul_ps(minimum_number_q2_k(stripe, group),
                         stripe_halves(((const struct stripe_q2_k *)stripe)->d_min));
}

INLINE void groups_q3_k(const void *stripe, int group, stripe_groups *out) {
    const struct stripe_q3_k *s = stripe;
    // Bits 0 and 2 of an index as bits 2 and 6, and bits 1 and 3.
    const __m512i evens = four_times((u8x16){0, 4, 0, 4, 64, 68, 64, 68, 0, 4, 0, 4, 64, 68, 64, 68});
    const __m512i odds = four_times((u8x16){0, 0, 4, 4, 0, 0, 4, 4, 64, 64, 68, 68, 64, 64, 68, 68});
    const __m512i twos = _mm512_set1_epi8(0x33), low = _mm512_set1_epi8(15), upper = _mm512_set1_epi8(-16);
    for (int i = 0; i < 4; i++) {
        const __m512i all = stripe_load(s->q[group + i]);
        __m512i high = stripe_load(s->high[group / 8 * 4 + i]);
        if (group % 8) high = _mm512_srli_epi16(high, 4);
        // (a & b) | c
        const __m512i even = _mm512_ternarylogic_epi32(all, twos, _mm512_permutexvar_epi8(high, evens), 0xea);
        const __m512i odd =
            _mm512_ternarylogic_epi32(_mm512_srli_epi16(all, 2), twos, _mm512_permutexvar_epi8(high, odds), 0xea);
        out->w[0][i] = _mm512_and_si512(even, low);
        out->w[1][i] = _mm512_and_si512(odd, low);
        out->w[2][i] = _mm512_and_si512(even, upper);
        out->w[3][i] = _mm512_and_si512(odd, upper);
    }
}
INLINE __m512 number_q3_k(const void *stripe, int group) {
    const struct stripe_q3_k *s = stripe;
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)s->scales[group])));
}
INLINE __m512 scale_q3_k(const void *stripe, int group) {
    return _mm512_mul_ps(number_q3_k(stripe, group), stripe_halves(((const struct stripe_q3_k *)stripe)->d));
}
