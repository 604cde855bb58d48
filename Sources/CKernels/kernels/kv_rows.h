// Reads and writes rows of the KV cache. (Included once by each path, after float_products.h, whose widen_part it
// uses.)

/// Elements i…i+15 of a cached row, i a multiple of 16. Only `count` of them exist; the others are zero.
INLINE f32x16 kv_vector(sotto_kv_type type, const uint8_t *row, int64_t i, int64_t count) {
    switch (type) {
        case SOTTO_KV_F32: return widen_part(widen_f32, 4, row + 4 * i, count);
        case SOTTO_KV_F16: return widen_part(widen_f16, 2, row + 2 * i, count);
        case SOTTO_KV_Q8_0: {
            const struct block_q8_0 *b = (const struct block_q8_0 *)row + i / 32;
            return __builtin_convertvector(i8x16_load(b->q + i % 32), f32x16) * f32_from_f16(b->d);
        }
    }
    return f32x16_set(0);
}

/// Runs `statement` with KV_TYPE as a constant.
// clang-format off
#define FOR_KV_TYPE(type, statement)                                                                                 \
    switch (type) {                                                                                                  \
        case SOTTO_KV_F32: { enum { KV_TYPE = SOTTO_KV_F32 }; statement; break; }                                    \
        case SOTTO_KV_F16: { enum { KV_TYPE = SOTTO_KV_F16 }; statement; break; }                                    \
        case SOTTO_KV_Q8_0: { enum { KV_TYPE = SOTTO_KV_Q8_0 }; statement; break; }                                  \
    }
// clang-format on

/// Writes whole vectors of 16 floats; elements past `size` are zero.
static void kv_load(sotto_kv_type type, const uint8_t *row, int64_t size, float *out) {
    FOR_KV_TYPE(type, for (int64_t i = 0; i < size; i += LANES)
                          f32x16_store(out + i, kv_vector((sotto_kv_type)KV_TYPE, row, i, size - i)))
}

static void kv_store(sotto_kv_type type, const float *x, int64_t size, void *row) {
    switch (type) {
        case SOTTO_KV_F32: memcpy(row, x, (size_t)size * sizeof(float)); break;
        case SOTTO_KV_F16:
            FOR_LANES(size, i, count) {
                const u16x16 half = f16_from_f32x16(load_some(x + i, count));
                memcpy((uint16_t *)row + i, &half, (size_t)count * sizeof(uint16_t));
            }
            break;
        case SOTTO_KV_Q8_0: {
            struct block_q8_0 *b = row;
            for (int64_t i = 0; i < size; i += 32, b++) {
                const int64_t left = size - i;
                const f32x16 v[2] = {load_some(x + i, left < LANES ? left : LANES),
                                     left > LANES ? load_some(x + i + LANES, left < 32 ? left - LANES : LANES)
                                                  : f32x16_set(0)};
                const f32x16 magnitude =
                    __builtin_elementwise_max(__builtin_elementwise_abs(v[0]), __builtin_elementwise_abs(v[1]));
                const u16x16 d = f16_from_f32x16(f32x16_set(f32x16_max(magnitude) / 127));
                const float step = f32_from_f16(d[0]), inverse = step > 0 ? 1 / step : 0;
                b->d = d[0];
                for (int h = 0; h < 2; h++)
                    // The rounded step can be slightly too small for the largest value.
                    i8x16_store(b->q + LANES * h,
                                __builtin_convertvector(
                                    __builtin_elementwise_min(
                                        __builtin_elementwise_max(f32x16_round(v[h] * inverse), (i32x16){0} - 127),
                                        (i32x16){0} + 127),
                                    i8x16));
            }
        }
    }
}
