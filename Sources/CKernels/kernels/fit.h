// Least-squares fits shared by the quantizers. A block of values x is stored as x[i] ≈ scale · q[i] + origin, with
// integers q in a small range; the fit minimises the squared error. Given the codes q, the best scale and origin solve
// a linear least-squares problem; given scale and origin, the best codes are the nearest ones. So a fit tries the codes
// of several plausible scales, solves for the best of them, and then improves codes and scale alternately.
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

/// The integers that codes can be.
typedef struct code_range {
    float low, high;
} code_range;

/// The codes nearest to the values.
INLINE f32x16 nearest_codes(f32x16 values, code_range range) {
    values = __builtin_elementwise_max(values, f32x16_set(range.low));
    values = __builtin_elementwise_min(values, f32x16_set(range.high));
    return (values + 0x1.8p23f) - 0x1.8p23f;  // floats of this size are integers, so the sum rounds
}

/// The code nearest to a value.
INLINE float nearest_code(float value, code_range range) { return nearest_codes(f32x16_set(value), range)[0]; }

INLINE float inverse_of(float scale) { return scale != 0 ? 1 / scale : 0; }

// MARK: Sums over a block x of `count` values, a multiple of 16

/// The codes nearest to (x − origin) / scale, relative to range.low.
INLINE void write_codes(const float *x, int count, float scale, float origin, code_range range, uint8_t *codes) {
    const float inverse = inverse_of(scale);
    for (int i = 0; i < count; i += LANES) {
        const f32x16 code = nearest_codes((f32x16_load(x + i) - origin) * inverse, range) - range.low;
        const u8x16 bytes = __builtin_convertvector(__builtin_convertvector(code, i32x16), u8x16);
        memcpy(codes + i, &bytes, sizeof bytes);
    }
}

/// Σ(x − origin)
INLINE float sum_from(const float *x, int count, float origin) {
    f32x16 sum = {0};
    for (int i = 0; i < count; i += LANES) sum += f32x16_load(x + i) - origin;
    return f32x16_sum(sum);
}

/// Σq, Σq² and Σq·(x − origin) for the codes q nearest to (x − origin) · inverse.
typedef struct code_sums {
    float q, qq, qx;
} code_sums;

INLINE code_sums sums_of_codes(const float *x, int count, float inverse, float origin, code_range range) {
    f32x16 q = {0}, qq = {0}, qx = {0};
    for (int i = 0; i < count; i += LANES) {
        const f32x16 values = f32x16_load(x + i) - origin;
        const f32x16 codes = nearest_codes(values * inverse, range);
        q += codes;
        qq += codes * codes;
        qx += codes * values;
    }
    return (code_sums){f32x16_sum(q), f32x16_sum(qq), f32x16_sum(qx)};
}

/// The error of representing x by the nearest codes: Σ(x − value)² and Σ(x − value).
typedef struct residual {
    float squares, sum;
} residual;

INLINE residual residual_of(const float *x, int count, float scale, float origin, code_range range) {
    const float inverse = inverse_of(scale);
    f32x16 squares = {0}, sum = {0};
    for (int i = 0; i < count; i += LANES) {
        const f32x16 values = f32x16_load(x + i) - origin;
        const f32x16 left = values - scale * nearest_codes(values * inverse, range);
        squares += left * left;
        sum += left;
    }
    return (residual){f32x16_sum(squares), f32x16_sum(sum)};
}

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

// MARK: Fits

/// The first scales to try lie around the one that just covers the block: how many on each side, and how many codes
/// apart. And how many times codes and scale are then improved.
enum { SEARCH_STEPS = 10, IMPROVEMENTS = 3 };
#define SEARCH_STRIDE 0.16f

/// A scale for x ≈ scale · q, and the part of Σx² that it explains.
typedef struct scale_fit {
    float scale, explained;
} scale_fit;

/// The better of `best` and the best scale for the codes nearest to x · inverse: Σqx/Σq², which explains (Σqx)²/Σq².
INLINE scale_fit better_scale(scale_fit best, const float *x, int count, float inverse, code_range range) {
    const code_sums s = sums_of_codes(x, count, inverse, 0, range);
    if (!(s.qq > 0) || s.qx * s.qx <= best.explained * s.qq) return best;
    return (scale_fit){s.qx / s.qq, s.qx * s.qx / s.qq};
}

/// The scale for x ≈ scale · q; 0 for a block of zeros. The range extends further below zero than above, so the value
/// with the largest magnitude, whatever its sign, is mapped to range.low.
INLINE float fit_scale(const float *x, int count, code_range range) {
    const extent e = extent_of(x, count);
    const float extreme = -e.low > e.high ? e.low : e.high;
    if (fabsf(extreme) < VANISHING) return 0;
    scale_fit best = {0, 0};
    for (int step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++)
        best = better_scale(best, x, count, (range.low + SEARCH_STRIDE * (float)step) / extreme, range);
    for (int i = 0; i < IMPROVEMENTS; i++) best = better_scale(best, x, count, inverse_of(best.scale), range);
    return best.scale;
}

/// x ≈ scale · q + origin
typedef struct line {
    float scale, origin;
} line;

/// A block to fit a line to. Values are relative to `base` (y = x − base), so that blocks far from zero lose no
/// precision. The origin, also relative to base, must not exceed `ceiling`.
typedef struct line_problem {
    const float *x;
    int count;
    float base, ceiling;
    float sum;  // Σy
    code_range range;
} line_problem;

typedef struct line_fit {
    line line;        // relative to base
    float explained;  // Σy² minus the squared error
} line_fit;

/// The better of `best` and the best line for the codes nearest to (y − origin) · inverse.
INLINE line_fit better_line(line_fit best, const line_problem *p, float inverse, float origin) {
    code_sums s = sums_of_codes(p->x, p->count, inverse, p->base + origin, p->range);
    s.qx += origin * s.q;  // Σqy
    const float n = (float)p->count, determinant = n * s.qq - s.q * s.q;
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
INLINE line fit_line(const float *x, int count, float top, bool below_zero) {
    extent e = extent_of(x, count);
    if (below_zero && e.low > 0) e.low = 0;
    if (fmaxf(-e.low, e.high) < VANISHING) return (line){0, 0};
    if (e.high <= e.low) return (line){0, e.low};
    const line_problem p = {
        .x = x,
        .count = count,
        .base = e.low,
        .ceiling = below_zero ? -e.low : INFINITY,
        .sum = sum_from(x, count, e.low),
        .range = {0, top},
    };
    line_fit best = {{0, 0}, 0};
    for (int step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++)
        best = better_line(best, &p, (top + SEARCH_STRIDE * (float)step) / (e.high - e.low), 0);
    for (int i = 0; i < IMPROVEMENTS; i++) best = better_line(best, &p, inverse_of(best.line.scale), best.line.origin);
    return (line){best.line.scale, e.low + best.line.origin};
}

#pragma STDC FP_CONTRACT DEFAULT
