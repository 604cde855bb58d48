// The fit for Q4_K and Q5_K: 256 weights in eight groups of 32, each x ≈ d · scale · q − d_min · minimum, with six bits
// each for a group's scale and minimum, and a half each for d and d_min.
//
// First each group is fitted with a line of its own. The lines give d and d_min, and with these the integers of every
// group. Then d and d_min are solved for again, by least squares for these integers, and the best round is kept.
// (Included once by each path.)

#pragma STDC FP_CONTRACT OFF

enum { SUPERBLOCK = 256, GROUP = 32, GROUPS = SUPERBLOCK / GROUP, TOP_LEVEL = 63 };
/// The largest of the groups' scales is first mapped to each of several top levels; the best result is then refitted
/// several times.
enum { STARTS = 4, REFITS = 2 };

typedef struct superblock {
    float d, d_min;  // rounded to half precision
    uint8_t scales[GROUPS], minima[GROUPS];
    float squares;  // the squared error
} superblock;

/// A scale rounded to half precision, but not to zero: the smallest half is still useful for groups of small numbers.
INLINE float half_scale(float scale) {
    const float half = through_half(scale);
    return half == 0 && scale != 0 ? copysignf(SMALLEST_HALF, scale) : half;
}

/// value / unit as an integer in 0…63.
INLINE int level(float value, float unit) {
    return (int)nearest_code(value * inverse_of(unit), (code_range){0, TOP_LEVEL});
}

/// Chooses the group's scale and minimum for a given d and d_min, starting from its fitted line: tries the three
/// nearest scales, each with the nearest minimum and with the one that its residual suggests. Returns the squared
/// error.
INLINE float choose_levels(const float *x, line fitted, superblock *s, int group, code_range range) {
    float least = INFINITY;
    const int nearest = level(fitted.scale, s->d);
    for (int scale = nearest - 1; scale <= nearest + 1; scale++) {
        if (scale < 0 || scale > TOP_LEVEL) continue;
        const float step = s->d * (float)scale;
        int minimum = level(-fitted.origin, s->d_min);
        for (int attempt = 0; attempt < 2; attempt++) {
            const float origin = -s->d_min * (float)minimum;
            const residual r = residual_of(x, GROUP, step, origin, range);
            if (r.squares < least) {
                least = r.squares;
                s->scales[group] = (uint8_t)scale;
                s->minima[group] = (uint8_t)minimum;
            }
            const int asked = level(-(origin + r.sum / GROUP), s->d_min);
            if (asked == minimum) break;
            minimum = asked;
        }
    }
    return least;
}

/// `s` with the d and d_min that minimise Σ(d · scale · q − d_min · minimum − x)² for its integers.
INLINE superblock refitted_superblock(const float *x, superblock s, code_range range) {
    double aa = 0, ab = 0, bb = 0, ax = 0, bx = 0;  // a = scale · q, b = minimum
    for (int g = 0; g < GROUPS; g++, x += GROUP) {
        const float scale = s.scales[g], minimum = s.minima[g], origin = -s.d_min * minimum;
        const code_sums sums = sums_of_codes(x, GROUP, inverse_of(s.d * scale), origin, range);
        aa += scale * scale * sums.qq;
        ab += scale * minimum * sums.q;
        bb += minimum * minimum * GROUP;
        ax += scale * (sums.qx + origin * sums.q);
        bx += minimum * sum_from(x, GROUP, 0);
    }
    const double determinant = aa * bb - ab * ab;
    if (determinant > 1e-9 * aa * bb) {
        s.d = half_scale((float)fmax(0, (ax * bb - bx * ab) / determinant));
        s.d_min = half_scale((float)fmax(0, (ax * ab - bx * aa) / determinant));
    } else if (aa > 0 && bb == 0) {
        s.d = half_scale((float)(ax / aa));
    }
    return s;
}

/// The better of `best` and the groups' fit with the d and d_min of `trial`.
INLINE superblock better_superblock(superblock best, const float *x, const line *fitted, superblock trial,
                                    code_range range) {
    trial.squares = 0;
    for (int g = 0; g < GROUPS; g++) trial.squares += choose_levels(x + GROUP * g, fitted[g], &trial, g, range);
    return trial.squares < best.squares ? trial : best;
}

/// Fits 256 values with codes 0…top.
INLINE superblock fit_superblock(const float *x, float top) {
    const code_range range = {0, top};
    line fitted[GROUPS];
    float scale = 0, minimum = 0;
    for (int g = 0; g < GROUPS; g++) {
        fitted[g] = fit_line(x + GROUP * g, GROUP, top, true);
        scale = fmaxf(scale, fitted[g].scale);
        minimum = fmaxf(minimum, -fitted[g].origin);
    }
    superblock best = {.squares = INFINITY};
    for (int start = 0; start < STARTS; start++) {
        const float level = (float)(TOP_LEVEL - start);
        const superblock trial = {.d = half_scale(scale / level), .d_min = half_scale(minimum / level)};
        best = better_superblock(best, x, fitted, trial, range);
    }
    for (int i = 0; i < REFITS; i++) {
        best = better_superblock(best, x, fitted, refitted_superblock(x, best, range), range);
    }
    return best;
}

#pragma STDC FP_CONTRACT DEFAULT
