// Least-squares fits shared by the quantizers. A block of values x is stored as x[i] ≈ scale · q[i] + origin, with
// integers q in a small range; the fit minimises the weighted squared error (see weigh). Given the codes q, the best
// scale and origin solve a linear least-squares problem; given scale and origin, the best codes are the nearest ones.
// So a fit tries the codes of several plausible scales, solves for the best of them, and then improves codes and scale
// alternately.
//
// Sums always use sixteen lanes, and products are never fused with additions, so all paths write the same bytes.
// (Included once by each path.)

#pragma STDC FP_CONTRACT OFF

/// Scales smaller than this are closer to zero than to the smallest half.
#define VANISHING 0x1p-25f
#define SMALLEST_HALF 0x1p-24f

// MARK: Half precision

/// The nearest half. Larger magnitudes become the largest half (65,504), so that no scale is infinite.
INLINE uint16_t half_from(float value) {
    value = value < -65504.0f ? -65504.0f : value;
    value = value > 65504.0f ? 65504.0f : value;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return f16_from_f32_bits(bits);
}

/// `value` rounded to half precision.
INLINE float through_half(float value) { return f32_from_f16(half_from(value)); }

// MARK: Codes

/// The numbers that a format has for a weight before it is scaled: all integers from low to high, or some of them.
typedef struct code_range {
    float low, high;
    const float *levels;  // LEVELS of them, ascending; NULL for all integers
} code_range;

enum { LEVELS = 16 };

/// The indices of the levels nearest to the values.
INLINE f32x16 nearest_levels(f32x16 values, const float *levels) {
    f32x16 indices = {0};
    for (int i = 1; i < LEVELS; i++) {
        const float middle = 0.5f * (levels[i - 1] + levels[i]);
        indices += f32x16_select(values > middle, f32x16_set(1), f32x16_set(0));
    }
    return indices;
}

/// The codes nearest to the values.
INLINE f32x16 nearest_codes(f32x16 values, code_range range) {
    if (range.levels) {
        f32x16 codes = f32x16_set(range.levels[0]);
        for (int i = 1; i < LEVELS; i++) {
            const float middle = 0.5f * (range.levels[i - 1] + range.levels[i]);
            const float difference = range.levels[i] - range.levels[i - 1];
            codes += f32x16_select(values > middle, f32x16_set(difference), f32x16_set(0));
        }
        return codes;
    }
    values = __builtin_elementwise_max(values, f32x16_set(range.low));
    values = __builtin_elementwise_min(values, f32x16_set(range.high));
    return (values + 0x1.8p23f) - 0x1.8p23f;  // floats of this size are integers, so the sum rounds
}

/// The code nearest to a value.
INLINE float nearest_code(float value, code_range range) { return nearest_codes(f32x16_set(value), range)[0]; }

INLINE float inverse_of(float scale) { return scale != 0 ? 1 / scale : 0; }

// MARK: Samples

/// The values of a block, and how much the squared error of each counts. `count` is a multiple of 16.
typedef struct samples {
    const float *x, *weights;
    int count;
} samples;

INLINE samples slice(samples s, int first, int count) { return (samples){s.x + first, s.weights + first, count}; }

typedef struct extent {
    float low, high;
} extent;

INLINE extent extent_of(const float *x, int count) {
    f32x16 low = f32x16_load(x), high = low;
    for (int i = LANES; i < count; i += LANES) {
        low = __builtin_elementwise_min(low, f32x16_load(x + i));
        high = __builtin_elementwise_max(high, f32x16_load(x + i));
    }
    return (extent){-f32x16_max(-low), f32x16_max(high)};
}

INLINE float largest_magnitude(const float *x, int count) {
    const extent e = extent_of(x, count);
    return fmaxf(-e.low, e.high);
}

/// 1 / x, but finite: the smallest floats have no inverse.
INLINE float safe_inverse(float x) { return 1 / fmaxf(x, 0x1p-126f); }

// MARK: Weights

/// Errors of values without importance still count a little, so that every fit is determined.
#define LEAST_WEIGHT 0x1p-20f

/// How much the squared error of each value counts: importance · (|x| + root mean square of the group).
///
/// The importance of a column is the mean square of its inputs, because the error of a product is Σ(error · input)².
/// The magnitude favours large values: fits without it represent these worse, and perplexity is higher although the
/// plain squared error is lower. (Both weights are relative to the largest, so that nothing overflows or vanishes.)
///
/// - group: values that share a scale; a multiple of 16 that divides `count`.
/// - importance: of each value, finite and not negative, or NULL.
INLINE void weigh(const float *x, const float *importance, int count, int group, float *weights) {
    const float unit = safe_inverse(largest_magnitude(x, count));
    const float importance_unit = importance ? safe_inverse(largest_magnitude(importance, count)) : 0;
    for (int first = 0; first < count; first += group) {
        f32x16 squares = {0};
        for (int i = first; i < first + group; i += LANES) {
            const f32x16 magnitudes = __builtin_elementwise_abs(f32x16_load(x + i)) * unit;
            f32x16_store(weights + i, magnitudes);
            squares += magnitudes * magnitudes;
        }
        const float root = sqrtf(f32x16_sum(squares) / (float)group);
        for (int i = first; i < first + group; i += LANES) {
            f32x16 weight = f32x16_load(weights + i) + root;
            if (importance) weight *= f32x16_load(importance + i) * importance_unit;
            f32x16_store(weights + i, weight + LEAST_WEIGHT);
        }
    }
}

/// `count` of the values from x[first] on, with their weights.
INLINE samples weighted(const float *x, const float *importance, size_t first, int count, int group, float *weights) {
    weigh(x + first, importance ? importance + first : NULL, count, group, weights);
    return (samples){x + first, weights, count};
}

// MARK: Sums

/// The codes nearest to (x − origin) / scale, relative to range.low, or the indices of levels.
INLINE void write_codes(samples s, float scale, float origin, code_range range, uint8_t *codes) {
    const float inverse = inverse_of(scale);
    for (int i = 0; i < s.count; i += LANES) {
        const f32x16 values = (f32x16_load(s.x + i) - origin) * inverse;
        const f32x16 code =
            range.levels ? nearest_levels(values, range.levels) : nearest_codes(values, range) - range.low;
        const u8x16 bytes = __builtin_convertvector(__builtin_convertvector(code, i32x16), u8x16);
        memcpy(codes + i, &bytes, sizeof bytes);
    }
}

INLINE float sum_of_weights(samples s) {
    f32x16 sum = {0};
    for (int i = 0; i < s.count; i += LANES) sum += f32x16_load(s.weights + i);
    return f32x16_sum(sum);
}

/// Σw·(x − origin)
INLINE float sum_from(samples s, float origin) {
    f32x16 sum = {0};
    for (int i = 0; i < s.count; i += LANES) sum += f32x16_load(s.weights + i) * (f32x16_load(s.x + i) - origin);
    return f32x16_sum(sum);
}

/// Σw·q, Σw·q² and Σw·q·(x − origin) for the codes q nearest to (x − origin) · inverse.
typedef struct code_sums {
    float q, qq, qx;
} code_sums;

INLINE code_sums sums_of_codes(samples s, float inverse, float origin, code_range range) {
    f32x16 q = {0}, qq = {0}, qx = {0};
    for (int i = 0; i < s.count; i += LANES) {
        const f32x16 values = f32x16_load(s.x + i) - origin;
        const f32x16 codes = nearest_codes(values * inverse, range);
        const f32x16 weighted = f32x16_load(s.weights + i) * codes;
        q += weighted;
        qq += weighted * codes;
        qx += weighted * values;
    }
    return (code_sums){f32x16_sum(q), f32x16_sum(qq), f32x16_sum(qx)};
}

/// The error of representing x by the nearest codes: Σw·(x − value)² and Σw·(x − value).
typedef struct residual {
    float squares, sum;
} residual;

INLINE residual residual_of(samples s, float scale, float origin, code_range range) {
    const float inverse = inverse_of(scale);
    f32x16 squares = {0}, sum = {0};
    for (int i = 0; i < s.count; i += LANES) {
        const f32x16 values = f32x16_load(s.x + i) - origin;
        const f32x16 left = values - scale * nearest_codes(values * inverse, range);
        const f32x16 weighted = f32x16_load(s.weights + i) * left;
        squares += weighted * left;
        sum += weighted;
    }
    return (residual){f32x16_sum(squares), f32x16_sum(sum)};
}

// MARK: Fits

/// The first scales to try lie around the one that just covers the block: how many on each side, and how many codes
/// apart. And how many times codes and scale are then improved.
enum { SEARCH_STEPS = 10, IMPROVEMENTS = 3 };
#define SEARCH_STRIDE 0.16f

/// A scale for x ≈ scale · q, and the part of Σw·x² that it explains.
typedef struct scale_fit {
    float scale, explained;
} scale_fit;

/// The better of `best` and the best scale for the codes nearest to x · inverse: Σwqx/Σwq², which explains
/// (Σwqx)²/Σwq².
INLINE scale_fit better_scale(scale_fit best, samples s, float inverse, code_range range) {
    const code_sums sums = sums_of_codes(s, inverse, 0, range);
    if (!(sums.qq > 0) || sums.qx * sums.qx <= best.explained * sums.qq) return best;
    return (scale_fit){sums.qx / sums.qq, sums.qx * sums.qx / sums.qq};
}

/// The scale for x ≈ scale · q; 0 for a block of zeros. The value with the largest magnitude, whatever its sign, is
/// mapped to about range.low, which is further from zero, or to range.high, where levels are closer together.
INLINE float fit_scale(samples s, code_range range) {
    const extent e = extent_of(s.x, s.count);
    const float extreme = -e.low > e.high ? e.low : e.high;
    if (fabsf(extreme) < VANISHING) return 0;
    const float stride = range.levels ? SEARCH_STRIDE * -range.low / (LEVELS / 2) : SEARCH_STRIDE;
    scale_fit best = {0, 0};
    for (int step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++) {
        best = better_scale(best, s, (range.low + stride * (float)step) / extreme, range);
        best = better_scale(best, s, (range.high + stride * (float)step) / extreme, range);
    }
    for (int i = 0; i < IMPROVEMENTS; i++) best = better_scale(best, s, inverse_of(best.scale), range);
    return best.scale;
}

/// x ≈ scale · q + origin
typedef struct line {
    float scale, origin;
} line;

/// A block to fit a line to. Values are relative to `base` (y = x − base), so that blocks far from zero lose no
/// precision. The origin, also relative to base, must not exceed `ceiling`.
typedef struct line_problem {
    samples samples;
    float base, ceiling;
    float weight, sum;  // Σw and Σwy
    code_range range;
} line_problem;

typedef struct line_fit {
    line line;        // relative to base
    float explained;  // Σwy² minus the squared error
} line_fit;

/// The better of `best` and the best line for the codes nearest to (y − origin) · inverse.
INLINE line_fit better_line(line_fit best, const line_problem *p, float inverse, float origin) {
    code_sums s = sums_of_codes(p->samples, inverse, p->base + origin, p->range);
    s.qx += origin * s.q;  // Σwqy
    const float n = p->weight, determinant = n * s.qq - s.q * s.q;
    // Codes that are all equal do not determine a line; use the highest allowed origin.
    line l = {0, INFINITY};
    if (determinant > 0) {
        l.scale = (n * s.qx - s.q * p->sum) / determinant;
        l.origin = (p->sum - l.scale * s.q) / n;
    }
    if (l.origin > p->ceiling) {
        l.origin = p->ceiling;
        l.scale = (s.qx - l.origin * s.q) / s.qq;
    }
    const float explained =
        l.scale * (2 * s.qx - l.scale * s.qq - 2 * l.origin * s.q) + l.origin * (2 * p->sum - n * l.origin);
    return l.scale > 0 && explained > best.explained ? (line_fit){l, explained} : best;
}

/// The line for codes 0…top. With `below_zero` the origin is not positive: the K formats store its negative as an
/// unsigned number.
INLINE line fit_line(samples s, float top, bool below_zero) {
    extent e = extent_of(s.x, s.count);
    if (below_zero && e.low > 0) e.low = 0;
    if (fmaxf(-e.low, e.high) < VANISHING) return (line){0, 0};
    if (e.high <= e.low) return (line){0, e.low};
    const line_problem p = {
        .samples = s,
        .base = e.low,
        .ceiling = below_zero ? -e.low : INFINITY,
        .weight = sum_of_weights(s),
        .sum = sum_from(s, e.low),
        .range = {0, top, NULL},
    };
    line_fit best = {{0, 0}, 0};
    for (int step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++)
        best = better_line(best, &p, (top + SEARCH_STRIDE * (float)step) / (e.high - e.low), 0);
    for (int i = 0; i < IMPROVEMENTS; i++) best = better_line(best, &p, inverse_of(best.line.scale), best.line.origin);
    return (line){best.line.scale, e.low + best.line.origin};
}

#pragma STDC FP_CONTRACT DEFAULT
