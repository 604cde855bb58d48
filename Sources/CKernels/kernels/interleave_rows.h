// How stripes are written: see formats/stripes.h. (Included by the paths that have products with them, after gemm.h.)

/// A panel's weights, or codes of weights.
typedef const uint32_t panel_words[LANES];

INLINE u8x64 panel_bytes(const uint32_t words[LANES]) { return u8x64_load((const uint8_t *)words); }
INLINE void stripe_store(uint32_t to[LANES], u8x64 bytes) { memcpy(to, &bytes, sizeof bytes); }

// MARK: Codes

INLINE void interleave_nibbles(panel_words *q, uint32_t (*out)[LANES]) {
    for (int pair = 0; pair < 4; pair++)
        for (int i = 0; i < 8; i++)
            stripe_store(out[8 * pair + i], panel_bytes(q[16 * pair + i]) | panel_bytes(q[16 * pair + 8 + i]) << 4);
}
/// The low two bits.
INLINE void interleave_quarters(panel_words *q, uint32_t (*out)[LANES]) {
    for (int i = 0; i < LANES; i++) {
        u8x64 bytes = {0};
        for (int k = 0; k < 4; k++) bytes |= (panel_bytes(q[i / 4 * 16 + 4 * k + i % 4]) & 3) << 2 * k;
        stripe_store(out[i], bytes);
    }
}

/// Codes that unpacking would replace with values.
#define NIBBLE_CODES(suffix, first, second)                                                                            \
    INLINE void codes_##suffix(const void *blocks, weight_chunk *out) {                                                \
        const struct block_##suffix *b = blocks;                                                                       \
        *out = (weight_chunk){0};                                                                                      \
        for (int i = 0; i < 4; i++) out->q[i] = nibbles_of_blocks(first, second);                                      \
    }
NIBBLE_CODES(iq4_nl, b[2 * i].q, b[2 * i + 1].q)
NIBBLE_CODES(iq4_xs, b->q + 32 * i, b->q + 32 * i + 16)
NIBBLE_CODES(mxfp4, b[2 * i].q, b[2 * i + 1].q)
#undef NIBBLE_CODES
#define codes_q4_0 unpack_q4_0
#define codes_q8_0 unpack_q8_0
#define codes_q4_k unpack_q4_k
#define codes_q5_k unpack_q5_k
#define codes_q6_k unpack_q6_k
#define codes_q2_k unpack_q2_k
#define codes_q3_k unpack_q3_k

// MARK: Formats

INLINE void interleave_q4_0(const struct block_q4_0 *const rows[LANES], panel_words *q, struct stripe_q4_0 *out) {
    for (int r = 0; r < LANES; r++)
        for (int g = 0; g < 8; g++) out->d[g][r] = rows[r][g].d;
    interleave_nibbles(q, out->q);
}

INLINE void interleave_iq4_nl(const struct block_iq4_nl *const rows[LANES], panel_words *q, struct stripe_iq4_nl *out) {
    for (int r = 0; r < LANES; r++)
        for (int g = 0; g < 8; g++) out->d[g][r] = rows[r][g].d;
    interleave_nibbles(q, out->q);
}

INLINE void interleave_iq4_xs(const struct block_iq4_xs *const rows[LANES], panel_words *q, struct stripe_iq4_xs *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        for (int g = 0; g < 8; g++) {
            const int low = rows[r]->scales_low[g / 2] >> 4 * (g % 2) & 15, high = rows[r]->scales_high >> 2 * g & 3;
            out->scales[g][r] = (int8_t)((low | high << 4) - 32);
        }
    }
    interleave_nibbles(q, out->q);
}

INLINE void interleave_mxfp4(const struct block_mxfp4 *const rows[LANES], panel_words *q, struct stripe_mxfp4 *out) {
    for (int r = 0; r < LANES; r++)
        for (int g = 0; g < 8; g++) out->exponents[g][r] = rows[r][g].exponent;
    interleave_nibbles(q, out->q);
}

INLINE void interleave_q8_0(const struct block_q8_0 *const rows[LANES], panel_words *q, struct stripe_q8_0 *out) {
    for (int r = 0; r < LANES; r++)
        for (int g = 0; g < 8; g++) out->d[g][r] = rows[r][g].d;
    memcpy(out->q, q, sizeof out->q);
}

INLINE void interleave_q4_k(const struct block_q4_k *const rows[LANES], panel_words *q, struct stripe_q4_k *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        out->d_min[r] = rows[r]->d_min;
        for (int i = 0; i < 3; i++) memcpy(&out->scales[i][r], rows[r]->scales + 4 * i, 4);
    }
    interleave_nibbles(q, out->q);
}

INLINE void interleave_q5_k(const struct block_q5_k *const rows[LANES], panel_words *q, struct stripe_q5_k *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        out->d_min[r] = rows[r]->d_min;
        for (int i = 0; i < 3; i++) memcpy(&out->scales[i][r], rows[r]->scales + 4 * i, 4);
        for (int i = 0; i < 8; i++) memcpy(&out->high[i][r], rows[r]->high + 4 * i, 4);
    }
    uint32_t low[64][LANES];
    for (int i = 0; i < 64; i++) stripe_store(low[i], panel_bytes(q[i]) & 15);
    interleave_nibbles(low, out->q);
}

INLINE void interleave_q6_k(const struct block_q6_k *const rows[LANES], panel_words *q, struct stripe_q6_k *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        out->unused[r] = 0;
        for (int g = 0; g < LANES; g++) out->scales[g][r] = rows[r]->scales[g];
    }
    for (int g = 0; g < LANES; g++) {
        const u8x64 last = panel_bytes(q[4 * g + 3]);
        for (int i = 0; i < 3; i++)
            stripe_store(out->q[3 * g + i], panel_bytes(q[4 * g + i]) | (last >> 2 * i & 3) << 6);
    }
}

INLINE void interleave_q2_k(const struct block_q2_k *const rows[LANES], panel_words *q, struct stripe_q2_k *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        out->d_min[r] = rows[r]->d_min;
        for (int g = 0; g < LANES; g++) out->scales[g][r] = rows[r]->scales[g];
    }
    interleave_quarters(q, out->q);
}

INLINE void interleave_q3_k(const struct block_q3_k *const rows[LANES], panel_words *q, struct stripe_q3_k *out) {
    for (int r = 0; r < LANES; r++) {
        out->d[r] = rows[r]->d;
        const u8x16 scales = unpack_scales_q3_k(rows[r]->scales);
        for (int g = 0; g < LANES; g++) out->scales[g][r] = (int8_t)(scales[g] - 32);
    }
    interleave_quarters(q, out->q);
    for (int i = 0; i < 8; i++) {
        u8x64 bits = {0};
        for (int k = 0; k < 8; k++) bits |= panel_bytes(q[i / 4 * 32 + 4 * k + i % 4]) >> 2 << k;
        stripe_store(out->high[i], bits);
    }
}

#define ROW(suffix)                                                                                                    \
    static void interleave_rows_##suffix(const uint8_t *weights, size_t row_bytes, int64_t chunks, void *out) {        \
        const product p = {                                                                                            \
            .weights = weights, .row_bytes = row_bytes, .rows = LANES, .cols = chunks * CHUNK, .chunks = chunks};      \
        const size_t chunk_bytes = row_bytes / (size_t)chunks;                                                         \
        for (int64_t c = 0; c < chunks; c++) {                                                                         \
            const struct block_##suffix *rows[LANES];                                                                  \
            for (int r = 0; r < LANES; r++)                                                                            \
                rows[r] = (const void *)(weights + (size_t)r * row_bytes + (size_t)c * chunk_bytes);                   \
            panel_chunk panel;                                                                                         \
            pack_panel(codes_##suffix, chunk_bytes, 32, &p, 0, c, &panel);                                             \
            interleave_##suffix(rows, panel.q, (struct stripe_##suffix *)out + c);                                     \
        }                                                                                                              \
    }
STRIPE_FORMATS(ROW)
#undef ROW
