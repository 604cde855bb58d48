// Quantizers for Q4_K and Q5_K.

/// Packs the six-bit numbers of the eight groups into twelve bytes; see unpack_scales_k for the layout.
INLINE void pack_levels(const superblock *s, uint8_t packed[12]) {
    for (int g = 0; g < GROUPS / 2; g++) {
        const int later = g + GROUPS / 2;
        packed[g] = (uint8_t)(s->scales[g] | s->scales[later] >> 4 << 6);
        packed[later] = (uint8_t)(s->minima[g] | s->minima[later] >> 4 << 6);
        packed[g + GROUPS] = (uint8_t)((s->scales[later] & 15) | s->minima[later] << 4);
    }
}

INLINE void write_group_codes(const float *x, const superblock *s, int group, float top, uint8_t codes[GROUP]) {
    write_codes(x + GROUP * group, GROUP, s->d * s->scales[group], -s->d_min * s->minima[group], (code_range){0, top},
                codes);
}

/// Two groups share 32 bytes: the low nibbles belong to the even group, the high nibbles to the odd one.
INLINE void pack_group_nibbles(const uint8_t codes[GROUP], int group, uint8_t q[SUPERBLOCK / 2]) {
    uint8_t *bytes = q + GROUP * (group / 2);
    for (int i = 0; i < GROUP; i++) bytes[i] = group % 2 == 0 ? codes[i] & 15 : (uint8_t)(bytes[i] | codes[i] << 4);
}

static void encode_q4_k(const float *x, void *blocks, size_t elements) {
    const float top = 15;
    struct block_q4_k *b = blocks;
    for (const float *end = x + elements; x < end; x += SUPERBLOCK, b++) {
        const superblock s = fit_superblock(x, top);
        b->d = half_from(s.d);
        b->d_min = half_from(s.d_min);
        pack_levels(&s, b->scales);
        for (int g = 0; g < GROUPS; g++) {
            uint8_t codes[GROUP];
            write_group_codes(x, &s, g, top, codes);
            pack_group_nibbles(codes, g, b->q);
        }
    }
}

static void encode_q5_k(const float *x, void *blocks, size_t elements) {
    const float top = 31;
    struct block_q5_k *b = blocks;
    for (const float *end = x + elements; x < end; x += SUPERBLOCK, b++) {
        const superblock s = fit_superblock(x, top);
        b->d = half_from(s.d);
        b->d_min = half_from(s.d_min);
        pack_levels(&s, b->scales);
        memset(b->high, 0, sizeof b->high);
        for (int g = 0; g < GROUPS; g++) {
            uint8_t codes[GROUP];
            write_group_codes(x, &s, g, top, codes);
            pack_group_nibbles(codes, g, b->q);
            for (int i = 0; i < GROUP; i++) b->high[i] |= (uint8_t)((codes[i] >> 4) << g);
        }
    }
}
