// Quantizers for the formats with 32 weights per block: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, MXFP4.

enum { BLOCK = 32 };

/// The half nearest to a fitted scale, or one of its neighbours, whichever has the smaller error: among the smallest
/// halves, which are relatively far apart, the nearest is not always best.
INLINE uint16_t best_half_scale(samples s, float scale, code_range range) {
    const uint16_t nearest = half_from(scale);
    uint16_t best = nearest;
    float least = INFINITY;
    for (int step = -1; step <= 1; step++) {
        const uint16_t half = (uint16_t)(nearest + step);
        if ((half & 0x7fff) > 0x7bff) continue;  // not finite
        const float squares = residual_of(s, f32_from_f16(half), 0, range).squares;
        if (squares < least || (squares == least && half == nearest)) {
            least = squares;
            best = half;
        }
    }
    return best;
}

/// Two codes per byte: the first sixteen in the low nibbles, the others in the high nibbles.
INLINE void pack_nibbles(const uint8_t codes[BLOCK], uint8_t q[BLOCK / 2]) {
    for (int i = 0; i < BLOCK / 2; i++) q[i] = (uint8_t)((codes[i] & 15) | codes[i + BLOCK / 2] << 4);
}

/// The fifth bits of the codes, as a bit mask.
INLINE void pack_fifth_bits(const uint8_t codes[BLOCK], uint8_t high[BLOCK / 8]) {
    memset(high, 0, BLOCK / 8);
    for (int i = 0; i < BLOCK; i++) high[i / 8] |= (uint8_t)((codes[i] >> 4) << i % 8);
}

/// Fits x ≈ d · q with q in `range`. Returns the codes and d in half precision.
INLINE uint16_t encode_scaled(samples s, code_range range, uint8_t codes[BLOCK]) {
    const uint16_t d = best_half_scale(s, fit_scale(s, range), range);
    write_codes(s, f32_from_f16(d), 0, range, codes);
    return d;
}

/// A line in half precision.
INLINE line line_through_halves(line l) { return (line){through_half(l.scale), through_half(l.origin)}; }

/// Fits x ≈ d · q + m with q in 0…top. Returns the codes, and d and m in half precision. The line from the smallest to
/// the largest value is tried as well: if rounding to halves matters more than the fit, it can be the better one.
INLINE void encode_line(samples s, float top, uint16_t *d, uint16_t *m, uint8_t codes[BLOCK]) {
    const code_range range = {0, top, NULL};
    const extent e = extent_of(s.x, BLOCK);
    const line fitted = line_through_halves(fit_line(s, top, false));
    const line whole = line_through_halves((line){(e.high - e.low) / top, e.low});
    const float left = residual_of(s, fitted.scale, fitted.origin, range).squares;
    const float left_whole = residual_of(s, whole.scale, whole.origin, range).squares;
    const line best = left < left_whole ? fitted : whole;
    *d = half_from(best.scale);
    *m = half_from(best.origin);
    write_codes(s, best.scale, best.origin, range, codes);
}

static void encode_q4_0(const float *x, const float *importance, void *blocks, size_t elements) {
    struct block_q4_0 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        uint8_t codes[BLOCK];
        b->d = encode_scaled(s, (code_range){-8, 7, NULL}, codes);
        pack_nibbles(codes, b->q);
    }
}

static void encode_q5_0(const float *x, const float *importance, void *blocks, size_t elements) {
    struct block_q5_0 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        uint8_t codes[BLOCK];
        b->d = encode_scaled(s, (code_range){-16, 15, NULL}, codes);
        pack_nibbles(codes, b->q);
        pack_fifth_bits(codes, b->high);
    }
}

static void encode_q4_1(const float *x, const float *importance, void *blocks, size_t elements) {
    struct block_q4_1 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        uint8_t codes[BLOCK];
        encode_line(s, 15, &b->d, &b->m, codes);
        pack_nibbles(codes, b->q);
    }
}

static void encode_q5_1(const float *x, const float *importance, void *blocks, size_t elements) {
    struct block_q5_1 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        uint8_t codes[BLOCK];
        encode_line(s, 31, &b->d, &b->m, codes);
        pack_nibbles(codes, b->q);
        pack_fifth_bits(codes, b->high);
    }
}

/// With 255 codes a search gains nothing: the largest magnitude becomes 127 steps.
static void encode_q8_0(const float *x, const float *importance, void *blocks, size_t elements) {
    const code_range range = {-127, 127, NULL};
    struct block_q8_0 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        const extent e = extent_of(s.x, BLOCK);
        b->d = best_half_scale(s, fmaxf(-e.low, e.high) / range.high, range);
        uint8_t codes[BLOCK];
        write_codes(s, f32_from_f16(b->d), 0, range, codes);
        for (int i = 0; i < BLOCK; i++) b->q[i] = (int8_t)(codes[i] + (int)range.low);
    }
}

static const float iq4_levels[LEVELS] = IQ4_VALUES;
#define IQ4_RANGE ((code_range){-127, 113, iq4_levels})

static void encode_iq4_nl(const float *x, const float *importance, void *blocks, size_t elements) {
    struct block_iq4_nl *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        uint8_t codes[BLOCK];
        b->d = encode_scaled(s, IQ4_RANGE, codes);
        pack_nibbles(codes, b->q);
    }
}

/// Twice the numbers of four-bit floats. The last one is never nearest.
static const float fp4_levels[LEVELS] = {-12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12, 1e6f};
enum { FP4_ZERO_LEVEL = 7 };

/// Powers of two from 2^-126 to 2^127, for which the reciprocal is finite, too.
INLINE float mxfp4_scale(int exponent) { return ldexpf(1, exponent - 128); }

/// The exponent with the least error: of that by which the largest magnitude just fits, and the two next to it.
INLINE int fit_exponent(samples s, code_range range) {
    int fitting = 0;
    frexpf(largest_magnitude(s.x, s.count) / range.high, &fitting);
    int best = 0;
    float least = INFINITY;
    for (int exponent = fitting + 128 - 2; exponent <= fitting + 128; exponent++) {
        const int allowed = exponent < 2 ? 2 : exponent > 254 ? 254 : exponent;
        const float squares = residual_of(s, mxfp4_scale(allowed), 0, range).squares;
        if (squares < least) {
            least = squares;
            best = allowed;
        }
    }
    return best;
}

static void encode_mxfp4(const float *x, const float *importance, void *blocks, size_t elements) {
    const code_range range = {-12, 12, fp4_levels};
    struct block_mxfp4 *b = blocks;
    for (size_t first = 0; first < elements; first += BLOCK, b++) {
        float weights[BLOCK];
        const samples s = weighted(x, importance, first, BLOCK, BLOCK, weights);
        const int exponent = fit_exponent(s, range);
        b->exponent = (uint8_t)exponent;
        uint8_t codes[BLOCK];
        write_codes(s, mxfp4_scale(exponent), 0, range, codes);
        // A sign and a magnitude.
        for (int i = 0; i < BLOCK; i++) {
            const int level = codes[i] - FP4_ZERO_LEVEL;
            codes[i] = (uint8_t)(level < 0 ? 8 - level : level);
        }
        pack_nibbles(codes, b->q);
    }
}
