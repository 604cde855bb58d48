// Products with interleaved matrices, as far as paths share them. (Included by a path's products with stripes, after
// STRIPE_FORM, stripe_rows and unpack_stripe.)

INLINE void gemv_stripes(stripe_form form, const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row += LANES) switch (p->tokens - token) {
                case 1: stripe_rows(form, p, row, token, 1); break;
                case 2: stripe_rows(form, p, row, token, 2); break;
                case 3: stripe_rows(form, p, row, token, 3); break;
                default: stripe_rows(form, p, row, token, 4);
            }
}

/// The stripe of a chunk in panel `panel` from `row` on; past a row's last chunk, in the next rows.
INLINE const uint8_t *stripe_at(stripe_form form, const product *p, int64_t row, int panel, int64_t chunk) {
    if (chunk >= p->chunks) {
        row += LANES * TILE_PANELS;
        chunk = 0;
    }
    return p->weights + (size_t)((row / LANES + panel) * p->chunks + chunk) * form.bytes;
}

INLINE void gemm_stripes(stripe_form form, int largest, const product *p, int64_t first, int64_t end) {
    _Alignas(64) panel_chunk slab[SLAB_CHUNKS][TILE_PANELS];
    _Alignas(64) panel_sums sums;
    for (int64_t row = first; row < end; row += LANES * TILE_PANELS)
        for (int64_t chunk = 0; chunk < p->chunks; chunk += SLAB_CHUNKS) {
            const int64_t chunks = SMALLER(p->chunks - chunk, SLAB_CHUNKS);
            for (int n = 0; n < TILE_PANELS; n++) {
                // Rows past the end are not stored.
                const int panel = row + LANES * n < p->rows ? n : 0;
                const uint8_t *stripe = stripe_at(form, p, row, panel, chunk);
                for (int64_t c = 0; c < chunks; c++) {
                    unpack_stripe(form, stripe + (size_t)c * form.bytes, &slab[c][n]);
                    prepare_panel(largest, &slab[c][n]);
                }
                const uint8_t *next = stripe_at(form, p, row, panel, chunk + SLAB_CHUNKS);
                for (size_t i = 0; i < SLAB_CHUNKS * form.bytes; i += 64) __builtin_prefetch(next + i, 0, 2);
            }
            slab_of(form.group, largest)(slab, chunks * CHUNK / form.group, p, chunk,
                                         slab_out(p, row, sums, chunk == 0, chunk + SLAB_CHUNKS >= p->chunks));
        }
}

#define ROW(suffix)                                                                                                    \
    static void gemv_interleaved_##suffix(const product *p, int64_t first, int64_t end) {                              \
        gemv_stripes(STRIPE_FORM(suffix), p, first, end);                                                              \
    }                                                                                                                  \
    static void gemm_interleaved_##suffix(const product *p, int64_t first, int64_t end) {                              \
        gemm_stripes(STRIPE_FORM(suffix), LARGEST_##suffix, p, first, end);                                            \
    }
STRIPE_FORMATS(ROW)
#undef ROW
