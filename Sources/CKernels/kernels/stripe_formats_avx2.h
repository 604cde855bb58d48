// How the kernels for AVX2 read stripes, a few functions per format. (Included once by each path with AVX2.)
//
// They read half of the rows, eight: `rows` is 0 or 8. weights_… writes columns 4i…4i + 3 of as many groups as share
// bytes, the first of which is `group`; scale_… and minimum_… give those of one group.

INLINE __m256i stripe_load(const uint32_t words[LANES], int rows) {
    return _mm256_loadu_si256((const __m256i *)(words + rows));
}
INLINE __m256 stripe_halves(const uint16_t halves[LANES], int rows) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(halves + rows)));
}
/// Signed bytes times `d`.
INLINE __m256 stripe_scales(const int8_t bytes[LANES], const uint16_t d[LANES], int rows) {
    const __m256i scales = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(bytes + rows)));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(scales), stripe_halves(d, rows));
}

/// Bits of each byte, from `first` on, in the lowest places.
INLINE __m256i stripe_bits(__m256i bytes, int first, int8_t mask) {
    return _mm256_and_si256(first ? _mm256_srli_epi16(bytes, first) : bytes, _mm256_set1_epi8(mask));
}
/// One bit of each byte, moved to another place.
INLINE __m256i stripe_bit(__m256i bytes, int from, int to) {
    const __m256i moved = from < to ? _mm256_slli_epi16(bytes, to - from) : _mm256_srli_epi16(bytes, from - to);
    return _mm256_and_si256(moved, _mm256_set1_epi8((int8_t)(1 << to)));
}
INLINE __m256i stripe_values(u8x16 table, __m256i codes) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256((__m128i)table), codes);
}

// MARK: Nibbles

INLINE void nibble_weights(const uint32_t (*q)[LANES], int rows, int group, int i, __m256i out[2]) {
    const __m256i both = stripe_load(q[4 * group + i], rows);
    for (int h = 0; h < 2; h++) out[h] = stripe_bits(both, 4 * h, 15);
}

INLINE void weights_q4_0(const struct stripe_q4_0 *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
}
INLINE __m256 scale_q4_0(const struct stripe_q4_0 *s, int rows, int group) { return stripe_halves(s->d[group], rows); }

INLINE void weights_iq4_nl(const struct stripe_iq4_nl *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
    for (int h = 0; h < 2; h++) out[h] = stripe_values(iq4_bytes(), out[h]);
}
INLINE __m256 scale_iq4_nl(const struct stripe_iq4_nl *s, int rows, int group) {
    return stripe_halves(s->d[group], rows);
}

INLINE void weights_iq4_xs(const struct stripe_iq4_xs *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
    for (int h = 0; h < 2; h++) out[h] = stripe_values(iq4_bytes(), out[h]);
}
INLINE __m256 scale_iq4_xs(const struct stripe_iq4_xs *s, int rows, int group) {
    return stripe_scales(s->scales[group], s->d, rows);
}

INLINE void weights_mxfp4(const struct stripe_mxfp4 *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
    for (int h = 0; h < 2; h++) out[h] = stripe_values((u8x16)FP4_VALUES, out[h]);
}
INLINE __m256 scale_mxfp4(const struct stripe_mxfp4 *s, int rows, int group) {
    return (__m256)mxfp4_scales(
        (u32x8)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(s->exponents[group] + rows))));
}

// MARK: Six-bit scales and minima

/// Number `group` of eight scales or minima: byte group % 4 of a vector, multiplied with a scale. The byte is not moved
/// to the bottom; a power of two makes up for it.
INLINE __m256 scale_of_byte(__m256i bytes, int group, __m256 scale) {
    const int bits = group % 4 * 8;
    const __m256 number = _mm256_cvtepi32_ps(_mm256_and_si256(bytes, _mm256_set1_epi32(0x3f << bits)));
    return _mm256_mul_ps(number, _mm256_mul_ps(scale, _mm256_set1_ps(1.0f / (float)(1 << bits))));
}
/// The upper groups' low four bits, and their upper two, which are the upper two of `bytes`.
INLINE __m256i joined_bits(__m256i low, __m256i bytes) {
    return _mm256_or_si256(stripe_bits(low, 0, 15), stripe_bits(bytes, 2, 0x30));
}
/// See unpack_scales_k for the packing.
INLINE __m256 scale_k(const uint32_t (*scales)[LANES], const uint16_t d[LANES], int rows, int group) {
    __m256i bytes = stripe_load(scales[0], rows);
    if (group >= 4) bytes = joined_bits(stripe_load(scales[2], rows), bytes);
    return scale_of_byte(bytes, group, stripe_halves(d, rows));
}
INLINE __m256 minimum_k(const uint32_t (*scales)[LANES], const uint16_t d_min[LANES], int rows, int group) {
    __m256i bytes = stripe_load(scales[1], rows);
    if (group >= 4) bytes = joined_bits(_mm256_srli_epi16(stripe_load(scales[2], rows), 4), bytes);
    return scale_of_byte(bytes, group, stripe_halves(d_min, rows));
}

INLINE void weights_q4_k(const struct stripe_q4_k *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
}
INLINE __m256 scale_q4_k(const struct stripe_q4_k *s, int rows, int group) {
    return scale_k(s->scales, s->d, rows, group);
}
INLINE __m256 minimum_q4_k(const struct stripe_q4_k *s, int rows, int group) {
    return minimum_k(s->scales, s->d_min, rows, group);
}

INLINE void weights_q5_k(const struct stripe_q5_k *s, int rows, int group, int i, __m256i out[2]) {
    nibble_weights(s->q, rows, group, i, out);
    const __m256i high = stripe_load(s->high[i], rows);
    for (int h = 0; h < 2; h++) out[h] = _mm256_or_si256(out[h], stripe_bit(high, group + h, 4));
}
INLINE __m256 scale_q5_k(const struct stripe_q5_k *s, int rows, int group) {
    return scale_k(s->scales, s->d, rows, group);
}
INLINE __m256 minimum_q5_k(const struct stripe_q5_k *s, int rows, int group) {
    return minimum_k(s->scales, s->d_min, rows, group);
}

// MARK: Two and three bits

INLINE void quarter_weights(const uint32_t (*q)[LANES], int rows, int group, int i, __m256i out[4]) {
    const __m256i all = stripe_load(q[group + i], rows);
    for (int h = 0; h < 4; h++) out[h] = stripe_bits(all, 2 * h, 3);
}

INLINE void weights_q2_k(const struct stripe_q2_k *s, int rows, int group, int i, __m256i out[4]) {
    quarter_weights(s->q, rows, group, i, out);
}
INLINE __m256 scale_q2_k(const struct stripe_q2_k *s, int rows, int group) {
    const __m256i both = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(s->scales[group] + rows)));
    const __m256i scales = _mm256_and_si256(both, _mm256_set1_epi32(15));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(scales), stripe_halves(s->d, rows));
}
INLINE __m256 minimum_q2_k(const struct stripe_q2_k *s, int rows, int group) {
    const __m256i both = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(s->scales[group] + rows)));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_srli_epi32(both, 4)), stripe_halves(s->d_min, rows));
}

INLINE void weights_q3_k(const struct stripe_q3_k *s, int rows, int group, int i, __m256i out[4]) {
    quarter_weights(s->q, rows, group, i, out);
    const __m256i high = stripe_load(s->high[group / 8 * 4 + i], rows);
    for (int h = 0; h < 4; h++) out[h] = _mm256_or_si256(out[h], stripe_bit(high, group % 8 + h, 2));
}
INLINE __m256 scale_q3_k(const struct stripe_q3_k *s, int rows, int group) {
    return stripe_scales(s->scales[group], s->d, rows);
}

// MARK: Six bits

INLINE void weights_q6_k(const struct stripe_q6_k *s, int rows, int group, int i, __m256i out[1]) {
    const uint32_t(*q)[LANES] = s->q + 3 * group;
    if (i < 3) {
        out[0] = stripe_bits(stripe_load(q[i], rows), 0, 63);
        return;
    }
    const __m256i high = _mm256_set1_epi8(-64);
    __m256i last = _mm256_and_si256(stripe_load(q[0], rows), high);
    for (int n = 1; n < 3; n++)
        last = _mm256_or_si256(_mm256_srli_epi16(last, 2), _mm256_and_si256(stripe_load(q[n], rows), high));
    out[0] = _mm256_srli_epi16(last, 2);
}
INLINE __m256 scale_q6_k(const struct stripe_q6_k *s, int rows, int group) {
    return stripe_scales(s->scales[group], s->d, rows);
}
