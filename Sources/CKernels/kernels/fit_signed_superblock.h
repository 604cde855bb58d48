// The fit for Q3_K, Q6_K and IQ4_XS: 256 weights in groups, x ≈ d · scale · q with a signed integer as each group's
// scale. First each group is fitted on its own. Then rounds alternate between integer scales for a given d and the best
// d for given scales, and the best round is kept.
// (Included once by each path.)

#pragma STDC FP_CONTRACT OFF

/// What the formats differ in.
typedef struct scale_shape {
    int group;          // weights of a group
    code_range scales;  // of the groups
    code_range range;   // of the codes
} scale_shape;

typedef struct signed_superblock {
    float d;  // rounded to half precision
    int8_t scales[MOST_GROUPS];
    float squares;  // the weighted squared error
} signed_superblock;

/// Chooses the group's scale for a given d: the best of the three nearest to the fitted one. Returns the squared error.
INLINE float choose_scale(samples values, float fitted, signed_superblock *s, int group, scale_shape shape) {
    const int nearest = (int)nearest_code(fitted * inverse_of(s->d), shape.scales);
    float least = INFINITY;
    for (int scale = nearest - 1; scale <= nearest + 1; scale++) {
        if (scale < (int)shape.scales.low || scale > (int)shape.scales.high) continue;
        const float squares = residual_of(values, s->d * (float)scale, 0, shape.range).squares;
        if (squares < least) {
            least = squares;
            s->scales[group] = (int8_t)scale;
        }
    }
    return least;
}

/// The d with the least Σw·(d · scale · q − x)² for the scales in `s`, or 0.
INLINE float refitted(samples all, const signed_superblock *s, scale_shape shape) {
    float aa = 0, ax = 0;  // a = scale · q
    for (int g = 0; g < SUPERBLOCK / shape.group; g++) {
        const float scale = s->scales[g];
        const code_sums sums = sums_of_codes(group_of(all, g, shape.group), inverse_of(s->d * scale), 0, shape.range);
        aa += scale * scale * sums.qq;
        ax += scale * sums.qx;
    }
    return aa > 0 ? half_scale(ax / aa) : 0;
}

/// The better of `best` and the groups' fit with another d.
INLINE signed_superblock better_signed_superblock(signed_superblock best, samples all, const float *fitted, float d,
                                                  scale_shape shape) {
    signed_superblock trial = {.d = d};
    for (int g = 0; g < SUPERBLOCK / shape.group; g++)
        trial.squares += choose_scale(group_of(all, g, shape.group), fitted[g], &trial, g, shape);
    return trial.squares < best.squares ? trial : best;
}

INLINE signed_superblock fit_signed_superblock(samples all, scale_shape shape) {
    float fitted[MOST_GROUPS], extreme = 0;
    for (int g = 0; g < SUPERBLOCK / shape.group; g++) {
        fitted[g] = fit_scale(group_of(all, g, shape.group), shape.range);
        if (fabsf(fitted[g]) > fabsf(extreme)) extreme = fitted[g];
    }
    signed_superblock best = {.squares = INFINITY};
    for (int start = 0; start < STARTS; start++) {
        const float d = half_scale(extreme / ((float)start + shape.scales.low));
        best = better_signed_superblock(best, all, fitted, d, shape);
    }
    for (int i = 0; i < REFITS; i++)
        best = better_signed_superblock(best, all, fitted, refitted(all, &best, shape), shape);
    return best;
}

#pragma STDC FP_CONTRACT DEFAULT
