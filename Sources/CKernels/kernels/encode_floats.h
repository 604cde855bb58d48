// Quantizers for F32, F16 and BF16: rounding to nearest, ties to even.

static void encode_f32(const float *x, const float *importance, void *blocks, size_t elements) {
    (void)importance;
    memcpy(blocks, x, elements * sizeof(float));
}

static void encode_f16(const float *x, const float *importance, void *blocks, size_t elements) {
    (void)importance;
    uint16_t *out = blocks;
    for (size_t i = 0; i < elements; i++) out[i] = half_from(x[i]);
}

static void encode_bf16(const float *x, const float *importance, void *blocks, size_t elements) {
    (void)importance;
    uint16_t *out = blocks;
    for (size_t i = 0; i < elements; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        out[i] = (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}
