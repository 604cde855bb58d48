// Norms, activations, rotary positions for one contiguous run of floats. (Included once by each path.)

#define FOR_LANES(size, i, count)                                                                                      \
    for (int64_t i = 0, count; i < (size) && ((count = (size)-i < LANES ? (size)-i : LANES), 1); i += LANES)

INLINE f32x16 load_some(const float *p, int64_t count) {
    return count == LANES ? f32x16_load(p) : f32x16_load_part(p, count);
}
INLINE void store_some(float *p, f32x16 v, int64_t count) {
    if (count == LANES)
        f32x16_store(p, v);
    else
        f32x16_store_part(p, v, count);
}

static void rms_norm(const float *x, const float *weight, float eps, int64_t size, float *out) {
    f32x16 squares = {0};
    FOR_LANES(size, i, count) {
        const f32x16 v = load_some(x + i, count);
        squares += v * v;
    }
    const float factor = 1 / sqrtf(f32x16_sum(squares) / (float)size + eps);
    FOR_LANES(size, i, count) {
        f32x16 v = load_some(x + i, count) * factor;
        if (weight) v *= load_some(weight + i, count);
        store_some(out + i, v, count);
    }
}

static void layer_norm(const float *x, const float *weight, const float *bias, float eps, int64_t size, float *out) {
    f32x16 sum = {0}, squares = {0};
    FOR_LANES(size, i, count) sum += load_some(x + i, count);
    const float mean = f32x16_sum(sum) / (float)size;
    FOR_LANES(size, i, count) {
        const f32x16 v = load_some(x + i, count) - mean;
        if (count == LANES)
            squares += v * v;
        else
            for (int64_t l = 0; l < count; l++) squares[l] += v[l] * v[l];
    }
    const float factor = 1 / sqrtf(f32x16_sum(squares) / (float)size + eps);
    FOR_LANES(size, i, count) {
        f32x16 v = (load_some(x + i, count) - mean) * factor;
        if (weight) v *= load_some(weight + i, count);
        if (bias) v += load_some(bias + i, count);
        store_some(out + i, v, count);
    }
}

INLINE f32x16 silu(f32x16 x) { return x * f32x16_sigmoid(x); }
/// x · (1 + tanh(u)) / 2 = x · sigmoid(2u), u = √(2/π) · (x + 0.044715 x³). (Hendrycks & Gimpel 2016)
INLINE f32x16 gelu_tanh(f32x16 x) { return x * f32x16_sigmoid(1.5957691216f * (x + 0.044715f * x * x * x)); }
INLINE f32x16 gelu(f32x16 x) {
    f32x16 y;
    for (int l = 0; l < LANES; l++) y[l] = 0.5f * x[l] * (1 + erff(x[l] * 0.70710678f));
    return y;
}
INLINE f32x16 relu_squared(f32x16 x) {
    const f32x16 positive = f32x16_select(x < 0, f32x16_set(0), x);
    return positive * positive;
}

static void gated(sotto_activation f, const float *gate, const float *up, float *out, int64_t size) {
    FOR_LANES(size, i, count) {
        f32x16 v = load_some(gate + i, count);
        switch (f) {
            case SOTTO_SILU: v = silu(v); break;
            case SOTTO_GELU_TANH: v = gelu_tanh(v); break;
            case SOTTO_GELU: v = gelu(v); break;
            case SOTTO_RELU_SQUARED: v = relu_squared(v); break;
        }
        if (up) v *= load_some(up + i, count);
        store_some(out + i, v, count);
    }
}

static void add(const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += x[i];
}
static void scale(float factor, float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] *= factor;
}
static void soft_cap(float cap, float *x, int64_t size) {
    FOR_LANES(size, i, count) store_some(x + i, cap * f32x16_tanh(load_some(x + i, count) / cap), count);
}

static bool all_finite(const float *x, int64_t size) {
    f32x16 zero = {0};  // 0 · x is NaN if x is infinite or NaN, and NaN persists
    FOR_LANES(size, i, count) zero += 0 * load_some(x + i, count);
    return f32x16_sum(zero) == 0;
}

static double exp_sum(float largest, const float *x, int64_t size) {
    double total = 0;
    // Sums are in float only within a block, so that small terms are not lost in a large sum.
    for (int64_t block = 0; block < size; block += 1024) {
        f32x16 sum = {0};
        const int64_t end = block + 1024 < size ? block + 1024 : size;
        int64_t i = block;
        for (; i + LANES <= end; i += LANES) sum += f32x16_exp(load_some(x + i, LANES) - largest);
        total += f32x16_sum(sum);
        for (; i < end; i++) total += exp((double)x[i] - largest);
    }
    return total;
}

INLINE void turn(float *a, float *b, float cosine, float sine) {
    const float x = *a, y = *b;
    *a = x * cosine - y * sine;
    *b = x * sine + y * cosine;
}
static void rope(sotto_rope_pairing pairing, float *head, int64_t rope_dim, const float *cosines, const float *sines) {
    const int64_t half = rope_dim / 2;
    if (pairing == SOTTO_ROPE_HALVES) {
        float *low = head, *high = head + half;
        for (int64_t i = 0; i < half; i++) turn(low + i, high + i, cosines[i], sines[i]);
    } else {
        for (int64_t i = 0; i < half; i++) turn(head + 2 * i, head + 2 * i + 1, cosines[i], sines[i]);
    }
}
