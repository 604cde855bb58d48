// The quantizer for Q6_K: 256 weights in sixteen groups of 16, x ≈ d · scale · q with a signed byte as each group's
// scale. First each group is fitted on its own. Then rounds alternate between integer scales for a given d and the best
// d for given scales, and the best round is kept.

#pragma STDC FP_CONTRACT OFF

enum { SMALL_GROUP = 16, SMALL_GROUPS = SUPERBLOCK / SMALL_GROUP };

typedef struct signed_superblock {
    float d;  // rounded to half precision
    int8_t scales[SMALL_GROUPS];
    float squares;  // the squared error
} signed_superblock;

/// Chooses the group's scale for a given d: the best of the three nearest to the fitted one. Returns the squared error.
INLINE float choose_scale(const float *x, float fitted, signed_superblock *s, int group, code_range range) {
    const code_range levels = {-128, 127};
    const int nearest = (int)nearest_code(fitted * inverse_of(s->d), levels);
    float least = INFINITY;
    for (int scale = nearest - 1; scale <= nearest + 1; scale++) {
        if (scale < (int)levels.low || scale > (int)levels.high) continue;
        const float squares = residual_of(x, SMALL_GROUP, s->d * (float)scale, 0, range).squares;
        if (squares < least) {
            least = squares;
            s->scales[group] = (int8_t)scale;
        }
    }
    return least;
}

/// The d with the least Σ(d · scale · q − x)² for the scales in `s`, or 0.
INLINE float refitted(const float *x, const signed_superblock *s, code_range range) {
    float aa = 0, ax = 0;  // a = scale · q
    for (int g = 0; g < SMALL_GROUPS; g++) {
        const float scale = s->scales[g];
        const code_sums sums = sums_of_codes(x + SMALL_GROUP * g, SMALL_GROUP, inverse_of(s->d * scale), 0, range);
        aa += scale * scale * sums.qq;
        ax += scale * sums.qx;
    }
    return aa > 0 ? half_scale(ax / aa) : 0;
}

/// The better of `best` and the groups' fit with another d.
INLINE signed_superblock better_signed_superblock(signed_superblock best, const float *x, const float *fitted, float d,
                                                  code_range range) {
    signed_superblock trial = {.d = d};
    for (int g = 0; g < SMALL_GROUPS; g++)
        trial.squares += choose_scale(x + SMALL_GROUP * g, fitted[g], &trial, g, range);
    return trial.squares < best.squares ? trial : best;
}

INLINE signed_superblock fit_signed_superblock(const float *x, code_range range) {
    float fitted[SMALL_GROUPS], extreme = 0;
    for (int g = 0; g < SMALL_GROUPS; g++) {
        fitted[g] = fit_scale(x + SMALL_GROUP * g, SMALL_GROUP, range);
        if (fabsf(fitted[g]) > fabsf(extreme)) extreme = fitted[g];
    }
    signed_superblock best = {.squares = INFINITY};
    for (int start = 0; start < STARTS; start++)
        best = better_signed_superblock(best, x, fitted, half_scale(extreme / (float)(start - 128)), range);
    for (int i = 0; i < REFITS; i++) best = better_signed_superblock(best, x, fitted, refitted(x, &best, range), range);
    return best;
}

static void encode_q6_k(const float *x, void *blocks, size_t elements) {
    const code_range range = {-32, 31};
    struct block_q6_k *b = blocks;
    for (const float *end = x + elements; x < end; x += SUPERBLOCK, b++) {
        const signed_superblock s = fit_signed_superblock(x, range);
        b->d = half_from(s.d);
        uint8_t codes[SUPERBLOCK];
        for (int g = 0; g < SMALL_GROUPS; g++) {
            b->scales[g] = s.scales[g];
            write_codes(x + SMALL_GROUP * g, SMALL_GROUP, s.d * s.scales[g], 0, range, codes + SMALL_GROUP * g);
        }
        for (int half = 0; half < 2; half++) {
            const uint8_t *c = codes + 128 * half;
            for (int i = 0; i < 64; i++) b->low[64 * half + i] = (uint8_t)((c[i] & 15) | c[i + 64] << 4);
            for (int i = 0; i < 32; i++)
                b->high[32 * half + i] =
                    (uint8_t)(c[i] >> 4 | c[i + 32] >> 4 << 2 | c[i + 64] >> 4 << 4 | c[i + 96] >> 4 << 6);
        }
    }
}

#pragma STDC FP_CONTRACT DEFAULT
