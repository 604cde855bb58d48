// Quantizers for the formats with 32 weights per block and half-precision scales: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.

enum { BLOCK = 32 };

/// The half nearest to a fitted scale, or one of its neighbours, whichever has the smaller error: among the smallest
/// halves, which are relatively far apart, the nearest is not always best.
INLINE uint16_t best_half_scale(const float *x, float scale, code_range range) {
    const uint16_t nearest = half_from(scale);
    uint16_t best = nearest;
    float least = INFINITY;
    for (int step = -1; step <= 1; step++) {
        const uint16_t half = (uint16_t)(nearest + step);
        if ((half & 0x7fff) > 0x7bff) continue;  // not finite
        const float squares = residual_of(x, BLOCK, f32_from_f16(half), 0, range).squares;
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
INLINE uint16_t encode_scaled(const float *x, code_range range, uint8_t codes[BLOCK]) {
    const uint16_t d = best_half_scale(x, fit_scale(x, BLOCK, range), range);
    write_codes(x, BLOCK, f32_from_f16(d), 0, range, codes);
    return d;
}

/// A line in half precision.
INLINE line line_through_halves(line l) { return (line){through_half(l.scale), through_half(l.origin)}; }

/// Fits x ≈ d · q + m with q in 0…top. Returns the codes, and d and m in half precision. The line from the smallest to
/// the largest value is tried as well: if rounding to halves matters more than the fit, it can be the better one.
INLINE void encode_line(const float *x, float top, uint16_t *d, uint16_t *m, uint8_t codes[BLOCK]) {
    const code_range range = {0, top};
    const extent e = extent_of(x, BLOCK);
    const line fitted = line_through_halves(fit_line(x, BLOCK, top, false));
    const line whole = line_through_halves((line){(e.high - e.low) / top, e.low});
    const float left = residual_of(x, BLOCK, fitted.scale, fitted.origin, range).squares;
    const float left_whole = residual_of(x, BLOCK, whole.scale, whole.origin, range).squares;
    const line best = left < left_whole ? fitted : whole;
    *d = half_from(best.scale);
    *m = half_from(best.origin);
    write_codes(x, BLOCK, best.scale, best.origin, range, codes);
}

static void encode_q4_0(const float *x, void *blocks, size_t elements) {
    struct block_q4_0 *b = blocks;
    for (const float *end = x + elements; x < end; x += BLOCK, b++) {
        uint8_t codes[BLOCK];
        b->d = encode_scaled(x, (code_range){-8, 7}, codes);
        pack_nibbles(codes, b->q);
    }
}

static void encode_q5_0(const float *x, void *blocks, size_t elements) {
    struct block_q5_0 *b = blocks;
    for (const float *end = x + elements; x < end; x += BLOCK, b++) {
        uint8_t codes[BLOCK];
        b->d = encode_scaled(x, (code_range){-16, 15}, codes);
        pack_nibbles(codes, b->q);
        pack_fifth_bits(codes, b->high);
    }
}

static void encode_q4_1(const float *x, void *blocks, size_t elements) {
    struct block_q4_1 *b = blocks;
    for (const float *end = x + elements; x < end; x += BLOCK, b++) {
        uint8_t codes[BLOCK];
        encode_line(x, 15, &b->d, &b->m, codes);
        pack_nibbles(codes, b->q);
    }
}

static void encode_q5_1(const float *x, void *blocks, size_t elements) {
    struct block_q5_1 *b = blocks;
    for (const float *end = x + elements; x < end; x += BLOCK, b++) {
        uint8_t codes[BLOCK];
        encode_line(x, 31, &b->d, &b->m, codes);
        pack_nibbles(codes, b->q);
        pack_fifth_bits(codes, b->high);
    }
}

/// With 255 codes a search gains nothing: the largest magnitude becomes 127 steps.
static void encode_q8_0(const float *x, void *blocks, size_t elements) {
    const code_range range = {-127, 127};
    struct block_q8_0 *b = blocks;
    for (const float *end = x + elements; x < end; x += BLOCK, b++) {
        const extent e = extent_of(x, BLOCK);
        b->d = best_half_scale(x, fmaxf(-e.low, e.high) / range.high, range);
        uint8_t codes[BLOCK];
        write_codes(x, BLOCK, f32_from_f16(b->d), 0, range, codes);
        for (int i = 0; i < BLOCK; i++) b->q[i] = (int8_t)(codes[i] + (int)range.low);
    }
}
