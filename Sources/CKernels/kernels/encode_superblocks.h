// Quantizers for Q2_K, Q4_K and Q5_K.

/// Packs the six-bit numbers of the eight groups into twelve bytes; see unpack_scales_k for the layout.
INLINE void pack_levels(const superblock *s, uint8_t packed[12]) {
    for (int g = 0; g < 4; g++) {
        const int later = g + 4;
        packed[g] = (uint8_t)(s->scales[g] | s->scales[later] >> 4 << 6);
        packed[later] = (uint8_t)(s->minima[g] | s->minima[later] >> 4 << 6);
        packed[g + 8] = (uint8_t)((s->scales[later] & 15) | s->minima[later] << 4);
    }
}

INLINE void write_line_codes(samples all, const superblock *s, line_shape shape, uint8_t codes[SUPERBLOCK]) {
    for (int g = 0; g < SUPERBLOCK / shape.group; g++)
        write_codes(group_of(all, g, shape.group), s->d * s->scales[g], -s->d_min * s->minima[g],
                    (code_range){0, shape.top, NULL}, codes + shape.group * g);
}

/// Two groups share 32 bytes: the low nibbles belong to the even group, the high nibbles to the odd one.
INLINE void pack_group_nibbles(const uint8_t codes[SUPERBLOCK], uint8_t q[SUPERBLOCK / 2]) {
    for (int i = 0; i < SUPERBLOCK / 2; i++) {
        const uint8_t *even = codes + 64 * (i / 32) + i % 32;
        q[i] = (uint8_t)((even[0] & 15) | even[32] << 4);
    }
}

/// The low two bits of codes. Each 32 bytes have those of weights i, i + 32, i + 64 and i + 96.
INLINE void pack_quarters(const uint8_t codes[SUPERBLOCK], uint8_t q[SUPERBLOCK / 4]) {
    for (int i = 0; i < SUPERBLOCK / 4; i++) {
        const uint8_t *c = codes + 128 * (i / 32) + i % 32;
        q[i] = (uint8_t)((c[0] & 3) | (c[32] & 3) << 2 | (c[64] & 3) << 4 | (c[96] & 3) << 6);
    }
}

static void encode_q2_k(const float *x, const float *importance, void *blocks, size_t elements) {
    const line_shape shape = {16, 15, 3};
    struct block_q2_k *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const superblock s = fit_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_line_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        b->d_min = half_from(s.d_min);
        for (int g = 0; g < 16; g++) b->scales[g] = (uint8_t)(s.scales[g] | s.minima[g] << 4);
        pack_quarters(codes, b->q);
    }
}

static void encode_q4_k(const float *x, const float *importance, void *blocks, size_t elements) {
    const line_shape shape = {32, 63, 15};
    struct block_q4_k *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const superblock s = fit_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_line_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        b->d_min = half_from(s.d_min);
        pack_levels(&s, b->scales);
        pack_group_nibbles(codes, b->q);
    }
}

static void encode_q5_k(const float *x, const float *importance, void *blocks, size_t elements) {
    const line_shape shape = {32, 63, 31};
    struct block_q5_k *b = blocks;
    for (size_t first = 0; first < elements; first += SUPERBLOCK, b++) {
        float weights[SUPERBLOCK];
        const samples all = weighted(x, importance, first, SUPERBLOCK, shape.group, weights);
        const superblock s = fit_superblock(all, shape);
        uint8_t codes[SUPERBLOCK];
        write_line_codes(all, &s, shape, codes);
        b->d = half_from(s.d);
        b->d_min = half_from(s.d_min);
        pack_levels(&s, b->scales);
        pack_group_nibbles(codes, b->q);
        memset(b->high, 0, sizeof b->high);
        for (int i = 0; i < SUPERBLOCK; i++) b->high[i % 32] |= (uint8_t)(codes[i] >> 4 << i / 32);
    }
}
