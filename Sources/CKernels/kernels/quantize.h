// Quantizes activations, once for all projections that share them. (Included once by each path.)

static void quantize(const float *x, int64_t cols, activation_chunk *out) {
    for (int64_t begin = 0; begin < cols; begin += CHUNK, out++) {
        for (int b = 0; b < CHUNK / 32; b++) {
            const int64_t first = begin + 32 * b, left = cols - first;
            f32x16 v[2];
            for (int h = 0; h < 2; h++) {
                const int64_t count = left - LANES * h;
                v[h] = count >= LANES ? f32x16_load(x + first + LANES * h)
                       : count > 0    ? f32x16_load_part(x + first + LANES * h, count)
                                      : f32x16_set(0);
            }
            // As integers, magnitudes have the order of the floats, with NaN largest: a NaN makes the scale NaN.
            const u32x16 magnitudes = __builtin_elementwise_max((u32x16)v[0] & 0x7fffffff, (u32x16)v[1] & 0x7fffffff);
            const uint32_t largest_bits = __builtin_reduce_max(magnitudes);
            float largest;
            memcpy(&largest, &largest_bits, sizeof largest);
            const float scale = largest / 127, inverse = scale > 0 ? 1 / scale : 0;
            out->scale[b] = scale;
            for (int h = 0; h < 2; h++) {
                const i32x16 q = f32x16_round(v[h] * inverse);
                i8x16_store(out->q + 32 * b + LANES * h, __builtin_convertvector(q, i8x16));
                out->sum16[2 * b + h] = scale * (float)__builtin_reduce_add(q);
            }
            out->sum32[b] = out->sum16[2 * b] + out->sum16[2 * b + 1];
        }
    }
}
