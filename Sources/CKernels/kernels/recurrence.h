// Layers that remember a state of fixed size. (Included once by each path.)

/// Sixteen channels of a convolution, or the last ones. The inputs before the token stay in `past`.
static void convolve_lanes(const sotto_convolution *c, int64_t first, int64_t count) {
    const int64_t before = c->length - 1;
    f32x16 past[SOTTO_MOST_CONVOLUTION], weights[SOTTO_MOST_CONVOLUTION];
    for (int64_t k = 0; k < c->length; k++) weights[k] = load_some(c->weights + k * c->channels + first, count);
    for (int64_t k = 0; k < before; k++) past[k] = load_some(c->state + k * c->channels + first, count);
    const f32x16 bias = c->bias ? load_some(c->bias + first, count) : (f32x16){0};
    for (int64_t t = 0; t < c->tokens; t++) {
        float *x = c->x + t * c->channels + first;
        past[before] = load_some(x, count);
        f32x16 sum = bias;
        for (int64_t k = 0; k < c->length; k++) sum += weights[k] * past[k];
        store_some(x, sum, count);
        for (int64_t k = 0; k < before; k++) past[k] = past[k + 1];
    }
    for (int64_t k = 0; k < before; k++) store_some(c->state + k * c->channels + first, past[k], count);
}

/// Channels first…end-1.
static void convolve(const sotto_convolution *c, int64_t first, int64_t end) {
    for (int64_t i = first; i < end; i += LANES) convolve_lanes(c, i, end - i < LANES ? end - i : LANES);
}

/// Σ_i factors[i] · rows[i], for rows of sixteen floats. Several sums, because an addition takes longer than a cycle.
INLINE f32x16 weighted_rows(const float *factors, const float *rows, int64_t count) {
    f32x16 sums[4] = {{0}, {0}, {0}, {0}};
    int64_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (int n = 0; n < 4; n++) sums[n] += factors[i + n] * f32x16_load(rows + (i + n) * LANES);
    for (; i < count; i++) sums[0] += factors[i] * f32x16_load(rows + i * LANES);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// Sixteen values of a head, or the last ones, for all tokens. Their part of the state stays in the first-level cache:
/// 8 KiB for keys of 128 elements.
static void attend_linearly(const sotto_linear_attention *a, int64_t head, int64_t block) {
    const int64_t blocks = round_up(a->value_dim, LANES) / LANES, at = head * a->value_dim + block * LANES;
    const int64_t left = a->value_dim - block * LANES, count = left < LANES ? left : LANES;
    const int64_t key_head = a->tiled ? head % a->key_heads : head / (a->heads / a->key_heads);
    const int64_t key_size = a->key_heads * a->key_dim, value_size = a->heads * a->value_dim;
    float *state = a->state + (head * blocks + block) * a->key_dim * LANES;
    for (int64_t t = 0; t < a->tokens; t++) {
        const float *key = a->keys + t * key_size + key_head * a->key_dim;
        const float *query = a->queries + t * key_size + key_head * a->key_dim;
        const float decay = a->decays[t * a->heads + head], rate = a->rates[t * a->heads + head];
        float *values = a->values + t * value_size + at;
        const f32x16 value = load_some(values, count);
        f32x16 change = rate * value;
        if (a->is_delta) change -= rate * decay * weighted_rows(key, state, a->key_dim);
        f32x16 sums[2] = {{0}, {0}};
        int64_t i = 0;
        for (; i + 2 <= a->key_dim; i += 2)
            for (int n = 0; n < 2; n++) {
                const f32x16 row = decay * f32x16_load(state + (i + n) * LANES) + key[i + n] * change;
                f32x16_store(state + (i + n) * LANES, row);
                sums[n] += query[i + n] * row;
            }
        for (; i < a->key_dim; i++) {
            const f32x16 row = decay * f32x16_load(state + i * LANES) + key[i] * change;
            f32x16_store(state + i * LANES, row);
            sums[0] += query[i] * row;
        }
        f32x16 out = sums[0] + sums[1];
        if (a->skips) out += a->skips[head] * value;
        store_some(values, out, count);
    }
}

/// Blocks of sixteen values of all heads, first…end-1.
static void linear_attention(const sotto_linear_attention *a, int64_t first, int64_t end) {
    const int64_t blocks = round_up(a->value_dim, LANES) / LANES;
    for (int64_t i = first; i < end; i++) attend_linearly(a, i / blocks, i % blocks);
}
