// The fit for Q2_K, Q4_K and Q5_K: 256 weights in groups, each x ≈ d · scale · q − d_min · minimum, with a few bits
// each for a group's scale and minimum, and a half each for d and d_min.
//
// First each group is fitted with a line of its own. The lines give d and d_min, and with these the integers of every
// group. Then d and d_min are solved for again, by least squares for these integers, and the best round is kept.
// (Included once by each path.)

#pragma STDC FP_CONTRACT OFF

enum { SUPERBLOCK = 256, MOST_GROUPS = 16 };
/// The largest of the groups' scales is first mapped to each of several top levels; the best result is then refitted
/// several times.
enum { STARTS = 4, REFITS = 2 };

/// What the formats differ in.
typedef struct line_shape {
    int group;      // weights of a group
    int top_level;  // the largest scale or minimum of a group
    float top;      // the largest code
} line_shape;

typedef struct superblock {
    float d, d_min;  // rounded to half precision
    uint8_t scales[MOST_GROUPS], minima[MOST_GROUPS];
    float squares;  // the weighted squared error
} superblock;

/// The values of a group.
INLINE samples group_of(samples all, int group, int size) { return slice(all, size * group, size); }

/// A scale rounded to half precision, but not to zero: the smallest half is still useful for groups of small numbers.
INLINE float half_scale(float scale) {
    const float half = through_half(scale);
    return half == 0 && scale != 0 ? copysignf(SMALLEST_HALF, scale) : half;
}

/// value / unit as an integer in 0…top.
INLINE int level(float value, float unit, int top) {
    return (int)nearest_code(value * inverse_of(unit), (code_range){0, (float)top, NULL});
}

/// Chooses the group's scale and minimum for a given d and d_min, starting from its fitted line: tries the three
/// nearest scales, each with the nearest minimum and with the one that its residual suggests. Returns the squared
/// error.
INLINE float choose_levels(samples values, line fitted, superblock *s, int group, line_shape shape) {
    const code_range range = {0, shape.top, NULL};
    const float weight = sum_of_weights(values);
    float least = INFINITY;
    const int nearest = level(fitted.scale, s->d, shape.top_level);
    for (int scale = nearest - 1; scale <= nearest + 1; scale++) {
        if (scale < 0 || scale > shape.top_level) continue;
        const float step = s->d * (float)scale;
        int minimum = level(-fitted.origin, s->d_min, shape.top_level);
        for (int attempt = 0; attempt < 2; attempt++) {
            const float origin = -s->d_min * (float)minimum;
            const residual r = residual_of(values, step, origin, range);
            if (r.squares < least) {
                least = r.squares;
                s->scales[group] = (uint8_t)scale;
                s->minima[group] = (uint8_t)minimum;
            }
            const int asked = level(-(origin + r.sum / weight), s->d_min, shape.top_level);
            if (asked == minimum) break;
            minimum = asked;
        }
    }
    return least;
}

/// `s` with the d and d_min that minimise Σw·(d · scale · q − d_min · minimum − x)² for its integers.
INLINE superblock refitted_superblock(samples all, superblock s, line_shape shape) {
    double aa = 0, ab = 0, bb = 0, ax = 0, bx = 0;  // a = scale · q, b = minimum
    for (int g = 0; g < SUPERBLOCK / shape.group; g++) {
        const samples values = group_of(all, g, shape.group);
        const float scale = s.scales[g], minimum = s.minima[g], origin = -s.d_min * minimum;
        const code_sums sums = sums_of_codes(values, inverse_of(s.d * scale), origin, (code_range){0, shape.top, NULL});
        aa += scale * scale * sums.qq;
        ab += scale * minimum * sums.q;
        bb += minimum * minimum * sum_of_weights(values);
        ax += scale * (sums.qx + origin * sums.q);
        bx += minimum * sum_from(values, 0);
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
INLINE superblock better_superblock(superblock best, samples all, const line *fitted, superblock trial,
                                    line_shape shape) {
    trial.squares = 0;
    for (int g = 0; g < SUPERBLOCK / shape.group; g++)
        trial.squares += choose_levels(group_of(all, g, shape.group), fitted[g], &trial, g, shape);
    return trial.squares < best.squares ? trial : best;
}

INLINE superblock fit_superblock(samples all, line_shape shape) {
    line fitted[MOST_GROUPS];
    float scale = 0, minimum = 0;
    for (int g = 0; g < SUPERBLOCK / shape.group; g++) {
        fitted[g] = fit_line(group_of(all, g, shape.group), shape.top, true);
        scale = fmaxf(scale, fitted[g].scale);
        minimum = fmaxf(minimum, -fitted[g].origin);
    }
    superblock best = {.squares = INFINITY};
    for (int start = 0; start < STARTS; start++) {
        const float level = (float)(shape.top_level - start);
        const superblock trial = {.d = half_scale(scale / level), .d_min = half_scale(minimum / level)};
        best = better_superblock(best, all, fitted, trial, shape);
    }
    for (int i = 0; i < REFITS; i++)
        best = better_superblock(best, all, fitted, refitted_superblock(all, best, shape), shape);
    return best;
}

#pragma STDC FP_CONTRACT DEFAULT
