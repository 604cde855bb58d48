// Activations, and runs of floats as vectors. (Included once by each path, before vectors.h.)

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

// In the selections of these functions, NaN stays NaN.
INLINE f32x16 at_most(f32x16 x, float limit) { return f32x16_select(x > limit, f32x16_set(limit), x); }
INLINE f32x16 clamped(f32x16 x, float limit) {
    return f32x16_select(x < -limit, f32x16_set(-limit), at_most(x, limit));
}
INLINE f32x16 relu(f32x16 x) { return f32x16_select(x < 0, f32x16_set(0), x); }

INLINE f32x16 silu(f32x16 x) { return x * f32x16_sigmoid(x); }
/// x · (1 + tanh(u)) / 2 = x · sigmoid(2u), u = √(2/π) · (x + 0.044715 x³). (Hendrycks & Gimpel 2016)
INLINE f32x16 gelu_tanh(f32x16 x) { return x * f32x16_sigmoid(1.5957691216f * (x + 0.044715f * x * x * x)); }
INLINE f32x16 gelu(f32x16 x) {
    f32x16 y;
    for (int l = 0; l < LANES; l++) y[l] = 0.5f * x[l] * (1 + erff(x[l] * 0.70710678f));
    return y;
}
/// e^x would overflow for a large x: ln(1 + e^x) = x + ln(1 + e^-x).
INLINE f32x16 softplus(f32x16 x) { return relu(x) + f32x16_log1p(f32x16_exp(-__builtin_elementwise_abs(x))); }
INLINE f32x16 xielu(f32x16 x, const float p[4]) {
    const f32x16 negative = p[0] * (f32x16_expm1(at_most(x, p[3])) - x);
    return f32x16_select(x > 0, p[1] * x * x, negative) + p[2] * x;
}

/// f(gate), which is multiplied by factor_of(up).
INLINE f32x16 activated(sotto_activation_kind f, const float p[4], f32x16 x) {
    switch (f) {
        case SOTTO_SILU: return silu(x);
        case SOTTO_GELU_TANH: return gelu_tanh(x);
        case SOTTO_GELU: return gelu(x);
        case SOTTO_RELU: return relu(x);
        case SOTTO_RELU_SQUARED: return relu(x) * relu(x);
        case SOTTO_SIGMOID: return f32x16_sigmoid(x);
        case SOTTO_SOFTPLUS: return softplus(x);
        case SOTTO_XIELU: return xielu(x, p);
        case SOTTO_SWIGLU_OAI: return at_most(x, p[1]) * f32x16_sigmoid(p[0] * at_most(x, p[1]));
        case SOTTO_SILU_CLAMPED: return at_most(silu(x), p[0]);
        case SOTTO_SILU_OF_CLAMPED: return silu(at_most(x, p[0]));
    }
    return x;
}
INLINE f32x16 factor_of(sotto_activation_kind f, const float p[4], f32x16 up) {
    switch (f) {
        case SOTTO_SWIGLU_OAI: return clamped(up, p[1]) + 1;
        case SOTTO_SILU_CLAMPED:
        case SOTTO_SILU_OF_CLAMPED: return clamped(up, p[0]);
        default: return up;
    }
}

static void gated(sotto_activation f, const float *gate, const float *up, float *out, int64_t size) {
    FOR_LANES(size, i, count) {
        const f32x16 v = activated(f.kind, f.parameters, load_some(gate + i, count));
        const f32x16 factor = up ? load_some(up + i, count) : f32x16_set(1);
        store_some(out + i, v * factor_of(f.kind, f.parameters, factor), count);
    }
}
