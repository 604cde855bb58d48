// Quantizers for Q3_K, Q6_K and IQ4_XS.

/// The codes of all groups, relative to the lowest, or the indices of levels.
INLINE void write_signed_codes(samples all, const signed_superblock *s, scale_shape shape, uint8_t codes[SUPERBLOCK]) {
    for (int g = 0; g < SUPERBLOCK / shape.group; g++)
        write_codes(group_of(all, g, shape.group), s->d * s->scales[g], 0, shape.range, codes + shape.group * g);
}

static void encode_q6_k(const float *x, const float *importance, void *blocks, size_t elements) {
    const scale_shape shape = {16, {-128, 127, NULL}, {-32, 31, NULL}};
    struct block_q6_k *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const signed_superblock s = fit_signed_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_signed_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        memcpy(b->scales, s.scales, sizeof b->scales);
        for (int half = 0; half < 2; half++) {
            const uint8_t *c = codes + 128 * half;
            for (int i = 0; i < 64; i++) b->low[64 * half + i] = (uint8_t)((c[i] & 15) | c[i + 64] << 4);
            for (int i = 0; i < 32; i++)
                b->high[32 * half + i] =
                    (uint8_t)(c[i] >> 4 | c[i + 32] >> 4 << 2 | c[i + 64] >> 4 << 4 | c[i + 96] >> 4 << 6);
        }
    }
}

/// The six-bit scales, plus 32; see unpack_scales_q3_k for the layout.
INLINE void pack_scales_q3_k(const int8_t scales[MOST_GROUPS], uint8_t packed[12]) {
    memset(packed, 0, 12);
    for (int g = 0; g < MOST_GROUPS; g++) {
        const int scale = scales[g] + 32;
        packed[g % 8] |= (uint8_t)((scale & 15) << (g < 8 ? 0 : 4));
        packed[8 + g % 4] |= (uint8_t)(scale >> 4 << 2 * (g / 4));
    }
}

static void encode_q3_k(const float *x, const float *importance, void *blocks, size_t elements) {
    const scale_shape shape = {16, {-32, 31, NULL}, {-4, 3, NULL}};
    struct block_q3_k *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const signed_superblock s = fit_signed_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_signed_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        pack_scales_q3_k(s.scales, b->scales);
        pack_quarters(codes, b->q);
        memset(b->high, 0, sizeof b->high);
        for (int i = 0; i < SUPERBLOCK; i++) b->high[i % 32] |= (uint8_t)(codes[i] >> 2 << i / 32);
    }
}

static void encode_iq4_xs(const float *x, const float *importance, void *blocks, size_t elements) {
    const scale_shape shape = {32, {-32, 31, NULL}, IQ4_RANGE};
    struct block_iq4_xs *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const signed_superblock s = fit_signed_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_signed_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        b->scales_high = 0;
        memset(b->scales_low, 0, sizeof b->scales_low);
        for (int g = 0; g < SUPERBLOCK / BLOCK; g++) {
            const int scale = s.scales[g] + 32;
            b->scales_high |= (uint16_t)(scale >> 4 << 2 * g);
            b->scales_low[g / 2] |= (uint8_t)((scale & 15) << 4 * (g % 2));
            pack_nibbles(codes + BLOCK * g, b->q + BLOCK / 2 * g);
        }
    }
}
