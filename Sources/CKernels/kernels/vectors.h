// Norms, sums, rotary positions for one contiguous run of floats. (Included once by each path.)

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

INLINE float mean_of(const float *x, int64_t size) {
    f32x16 sum = {0};
    FOR_LANES(size, i, count) sum += load_some(x + i, count);
    return f32x16_sum(sum) / (float)size;
}
/// Σ (x - mean)²
INLINE float squares_around(float mean, const float *x, int64_t size) {
    f32x16 squares = {0};
    FOR_LANES(size, i, count) {
        const f32x16 v = load_some(x + i, count) - mean;
        if (count == LANES)
            squares += v * v;
        else
            for (int64_t l = 0; l < count; l++) squares[l] += v[l] * v[l];
    }
    return f32x16_sum(squares);
}

static void layer_norm(const float *x, const float *weight, const float *bias, float eps, int64_t size, float *out) {
    const float mean = mean_of(x, size);
    const float factor = 1 / sqrtf(squares_around(mean, x, size) / (float)size + eps);
    FOR_LANES(size, i, count) {
        f32x16 v = (load_some(x + i, count) - mean) * factor;
        if (weight) v *= load_some(weight + i, count);
        if (bias) v += load_some(bias + i, count);
        store_some(out + i, v, count);
    }
}

static void add(const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += x[i];
}
static void add_multiple(float factor, const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += factor * x[i];
}
static void multiply(const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] *= x[i];
}
static void scale(float factor, float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] *= factor;
}
static void combine(const float *x, int64_t x_stride, const int32_t *slots, const float *weights, int64_t used,
                    int64_t size, float *out) {
    FOR_LANES(size, i, count) {
        f32x16 sum = {0};
        for (int64_t k = 0; k < used; k++) sum += weights[k] * load_some(x + slots[k] * x_stride + i, count);
        store_some(out + i, sum, count);
    }
}
static void clamp(float limit, float *x, int64_t size) {
    FOR_LANES(size, i, count) store_some(x + i, clamped(load_some(x + i, count), limit), count);
}
static void cut_off(float deviations, float *x, int64_t size) {
    const float mean = mean_of(x, size), variance = squares_around(mean, x, size) / (float)(size - 1);
    const float cut = mean + deviations * sqrtf(variance);
    FOR_LANES(size, i, count) store_some(x + i, relu(load_some(x + i, count) - cut), count);
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
