// Products with weights that are floats and float activations. (Included once by each path, after gemm.h,
// whose tile_out it uses.)

typedef f32x16 widen_function(const void *weights);

/// Up to 16 weights; the other lanes are zero.
INLINE f32x16 widen_part(widen_function *widen, size_t bytes, const uint8_t *weights, int64_t count) {
    uint8_t whole[LANES * sizeof(double)] = {0};
    if (count >= LANES) return widen(weights);
    if (count > 0) memcpy(whole, weights, (size_t)count * bytes);
    return widen(whole);
}

typedef f32x16 floats_function(const uint8_t *row, int64_t i);

/// The weights of a row from `i` on, up to 16; the other lanes are zero. Blocks are never cut.
INLINE f32x16 floats_part(floats_function *at, size_t bytes, const uint8_t *row, int64_t i, int64_t count) {
    uint8_t whole[LANES * sizeof(double)] = {0};
    if (count >= LANES) return at(row, i);
    if (count > 0) memcpy(whole, row + (size_t)i * bytes, (size_t)count * bytes);
    return at(whole, 0);
}

// MARK: gemv

INLINE void float_row_dot(floats_function *at, size_t bytes, const product *p, int64_t row, int64_t token, int tokens) {
    const uint8_t *w = p->weights + (size_t)row * p->row_bytes;
    const float *x[4];
    for (int t = 0; t < tokens; t++) x[t] = p->x + source_of(p, token + t) * p->x_stride;
    f32x16 sum[4][4] = {0};
    int64_t i = 0;
    for (; i + 4 * LANES <= p->cols; i += 4 * LANES)
        for (int part = 0; part < 4; part++) {
            const f32x16 weights = at(w, i + LANES * part);
            for (int t = 0; t < tokens; t++) sum[t][part] += weights * f32x16_load(x[t] + i + LANES * part);
        }
    for (; i < p->cols; i += LANES) {
        const int64_t count = p->cols - i < LANES ? p->cols - i : LANES;
        const f32x16 weights = floats_part(at, bytes, w, i, count);
        for (int t = 0; t < tokens; t++) sum[t][0] += weights * f32x16_load_part(x[t] + i, count);
    }
    for (int t = 0; t < tokens; t++)
        p->out[(token + t) * p->out_stride + row] =
            f32x16_sum((sum[t][0] + sum[t][1]) + (sum[t][2] + sum[t][3])) + (p->bias ? p->bias[row] : 0);
}

INLINE void gemv_float(floats_function *at, size_t bytes, const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row++) switch (p->tokens - token) {
                case 1: float_row_dot(at, bytes, p, row, token, 1); break;
                case 2: float_row_dot(at, bytes, p, row, token, 2); break;
                case 3: float_row_dot(at, bytes, p, row, token, 3); break;
                default: float_row_dot(at, bytes, p, row, token, 4);
            }
}

// MARK: gemm

/// out[t][0…16·panels) (+)= Σ_k x[t][k] · w[k][…]. Panel n of w starts panel_stride floats after panel n - 1, and
/// consecutive k are k_stride floats apart. Attention also uses this, with keys and values as weights.
INLINE void float_tile(const float *w, int64_t k_stride, int64_t panel_stride, int64_t depth, const float *const *x,
                       int tokens, const tile_out *o) {
    f32x16 sum[TILE_TOKENS][TILE_PANELS];
    for (int t = 0; t < tokens; t++)
        for (int n = 0; n < TILE_PANELS; n++) sum[t][n] = tile_start(o, t, n);
    for (int64_t k = 0; k < depth; k++)
        for (int n = 0; n < TILE_PANELS; n++) {
            const f32x16 weights = f32x16_load(w + n * panel_stride + k * k_stride);
            for (int t = 0; t < tokens; t++) sum[t][n] += weights * x[t][k];
        }
    for (int t = 0; t < tokens; t++)
        for (int n = 0; n < TILE_PANELS; n++) tile_finish(o, t, n, sum[t][n]);
}
/// The rows of x are x_stride floats apart. Token t's is row sources[t], or row t without sources.
static void float_slab(const float *w, int64_t k_stride, int64_t panel_stride, int64_t depth, const float *x,
                       int64_t x_stride, const int32_t *sources, int64_t tokens, tile_out o) {
    const float *rows[TILE_TOKENS];
    FOR_TILES(t, tokens, o, {
        for (int i = 0; i < TILE; i++) rows[i] = x + (sources ? sources[t + i] : t + i) * x_stride;
        float_tile(w, k_stride, panel_stride, depth, rows, TILE, &o);
    })
}

INLINE void gemm_float(floats_function *at, size_t bytes, const product *p, int64_t first, int64_t end) {
    _Alignas(64) float slab[TILE_PANELS][CHUNK][LANES];
    _Alignas(64) float square[LANES][LANES];
    _Alignas(64) panel_sums sums;
    for (int64_t row = first; row < end; row += LANES * TILE_PANELS)
        for (int64_t k = 0; k < p->cols; k += CHUNK) {
            const int64_t depth = p->cols - k < CHUNK ? p->cols - k : CHUNK;
            for (int n = 0; n < TILE_PANELS; n++)
                for (int64_t i = 0; i < depth; i += LANES) {
                    for (int r = 0; r < LANES; r++) {
                        const int64_t wanted = row + LANES * n + r, existing = wanted < p->rows ? wanted : p->rows - 1;
                        const uint8_t *w = p->weights + (size_t)existing * p->row_bytes;
                        f32x16_store(square[r], floats_part(at, bytes, w, k + i, depth - i));
                    }
                    transpose_16x16((const uint32_t *)square, LANES, (uint32_t *)slab[n][i], LANES);
                }
            float_slab(slab[0][0], LANES, CHUNK * LANES, depth, p->x + k, p->x_stride, p->sources, p->tokens,
                       slab_out(p, row, sums, k == 0, k + CHUNK >= p->cols));
        }
}

#define ROW(id, name, suffix, elements, bytes)                                                                         \
    static void gemv_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemv_float(floats_##suffix, elements == 1 ? bytes : 0, p, first, end);                                         \
    }                                                                                                                  \
    static void gemm_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemm_float(floats_##suffix, elements == 1 ? bytes : 0, p, first, end);                                         \
    }
SOTTO_FLOAT_FORMATS(ROW)
#undef ROW
