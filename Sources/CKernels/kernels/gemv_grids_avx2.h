// Products of a few tokens with weights from grids, for AVX2. (Included by the paths with AVX2, after gemv.h.)
//
// Decode of these formats is limited by arithmetic and latency. Differences from gemv.h:
//
// - The codes of a chunk are taken apart while the previous chunk is multiplied. They are stored, and loading them
//   again would otherwise wait for the stores.
// - Scales are also stored: loads spread them more cheaply than permutations.
// - 64 weights are multiplied as soon as they are unpacked, so that they stay in registers.
//
// Blocks have 256 weights, so there are only whole chunks.

/// A chunk's codes in the form in which they are loaded.
typedef struct stored_chunk {
    uint16_t index[64];
    uint64_t signs[4];
    float scale[4][LANES];  // of each token: weights' times activations'
} stored_chunk;

/// Weights 64 · i … 64 · i + 63 of a chunk.
typedef u8x64 grid_weights_function(const stored_chunk *c, int i);

#define EIGHTS(suffix, mirror)                                                                                         \
    INLINE u8x64 weights_##suffix(const stored_chunk *c, int i) {                                                      \
        return u8x64_mirror(eights_at(sotto_grids.suffix, c->index + 8 * i), c->signs[i], mirror);                     \
    }
#define FOURS(suffix, mirror)                                                                                          \
    INLINE u8x64 weights_##suffix(const stored_chunk *c, int i) {                                                      \
        return u8x64_mirror(fours_at(sotto_grids.suffix, c->index + 16 * i), c->signs[i], mirror);                     \
    }
EIGHTS(iq2_xxs, MIRROR_IQ2)
EIGHTS(iq2_xs, MIRROR_IQ2)
EIGHTS(iq2_s, MIRROR_IQ2)
FOURS(iq3_xxs, MIRROR_IQ3_XXS)
FOURS(iq3_s, MIRROR_IQ3_S)
#undef EIGHTS
#undef FOURS
INLINE u8x64 weights_iq1_s(const stored_chunk *c, int i) { return eights_at(sotto_grids.iq1, c->index + 8 * i); }
INLINE u8x64 weights_iq1_m(const stored_chunk *c, int i) {
    return eights_at(sotto_grids.iq1, c->index + 8 * i) + u8x64_spread(c->signs[i]);
}

/// Twice the byte that stands for zero. Offsets are then multiples of scales, so that the factor can be applied to the
/// whole sum. 0 if they are not.
enum {
    TWICE_ZERO_iq2_xxs = MIRROR_IQ2,
    TWICE_ZERO_iq2_xs = MIRROR_IQ2,
    TWICE_ZERO_iq2_s = MIRROR_IQ2,
    TWICE_ZERO_iq3_xxs = MIRROR_IQ3_XXS,
    TWICE_ZERO_iq3_s = MIRROR_IQ3_S,
    TWICE_ZERO_iq1_s = 0,
    TWICE_ZERO_iq1_m = 2 * 9
};

/// As spread_scales, from memory.
INLINE f32x16 load_spread_scales(const float *scales, int part, int group) {
    const float *first = scales + 64 / group * part;
    __m256 v[2];
    for (int h = 0; h < 2; h++) {
        const __m256 pairs = _mm256_castpd_ps(_mm256_broadcast_sd((const double *)(first + 2 * h)));
        v[h] = group == 32 ? _mm256_set1_ps(first[h])
                           : _mm256_permutevar_ps(pairs, _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1));
    }
    return f32x16_join((f32x8)v[0], (f32x8)v[1]);
}

/// Takes a block apart, and adds the contribution of the weights' offsets to 8 running sums of each token, without the
/// factor of `twice_zero`.
INLINE void store_chunk(grid_codes_function *codes_of, int twice_zero, int group, const uint8_t *block,
                        const activation_chunk *const x[4], int64_t chunk, int tokens, stored_chunk *out,
                        f32x8 offset_sum[4]) {
    const grid_codes codes = codes_of(block);
    const f32x16 offsets = twice_zero ? codes.scale : codes.offset;
    u16x32_store(out->index, codes.indices[0]);
    u16x32_store(out->index + 32, codes.indices[1]);
    memcpy(out->signs, &codes.signs, sizeof out->signs);
    for (int t = 0; t < tokens; t++) {
        const activation_chunk *a = x[t] + chunk;
        const f32x8 x_scale = f32x8_load(a->scale);
        if (group == 32) {
            f32x16_store(out->scale[t], codes.scale * f32x16_join(x_scale, x_scale));
            offset_sum[t] += f32x16_low(offsets) * f32x8_load(a->sum32);
        } else {
            f32x16_store(out->scale[t], codes.scale * f32x8_twice(x_scale));
            offset_sum[t] += f32x16_low(offsets) * f32x8_load(a->sum16);
            offset_sum[t] += f32x16_high(offsets) * f32x8_load(a->sum16 + 8);
        }
    }
    STORED(*out);
}

INLINE void grid_row_dot(grid_codes_function *codes_of, grid_weights_function *weights_of, int twice_zero,
                         size_t block_bytes, int group, const product *p, int64_t row, int64_t token, int tokens) {
    const uint8_t *block = p->weights + (size_t)row * p->row_bytes;
    const activation_chunk *x[4];
    for (int t = 0; t < tokens; t++) x[t] = p->activations + source_of(p, token + t) * p->chunks;
    f32x16 sum[4] = {0};
    f32x8 offset_sum[4] = {0};
    stored_chunk stored[2];
    store_chunk(codes_of, twice_zero, group, block, x, 0, tokens, &stored[0], offset_sum);
    for (int64_t c = 0; c < p->chunks; c++) {
        prefetch_weights(p->prefetch, block, block_bytes);
        block += block_bytes;
        if (c + 1 < p->chunks)
            store_chunk(codes_of, twice_zero, group, block, x, c + 1, tokens, &stored[(c + 1) & 1], offset_sum);
        const stored_chunk *w = &stored[c & 1];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const u8x64 weights = weights_of(w, i);
            for (int t = 0; t < tokens; t++) {
                const i32x16 dots = dot4((i32x16){0}, weights, i8x64_load(x[t][c].q + 64 * i), false);
                sum[t] += __builtin_convertvector(dots, f32x16) * load_spread_scales(w->scale[t], i, group);
            }
        }
    }
    for (int t = 0; t < tokens; t++)
        p->out[(token + t) * p->out_stride + row] =
            f32x8_sum(f32x16_low(sum[t]) + f32x16_high(sum[t]) +
                      offset_sum[t] * (twice_zero ? -0.5f * (float)twice_zero : 1)) +
            (p->bias ? p->bias[row] : 0);
}

INLINE void gemv_grid(grid_codes_function *codes_of, grid_weights_function *weights_of, int twice_zero,
                      size_t block_bytes, int group, const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row++) switch (p->tokens - token) {
                case 1: grid_row_dot(codes_of, weights_of, twice_zero, block_bytes, group, p, row, token, 1); break;
                case 2: grid_row_dot(codes_of, weights_of, twice_zero, block_bytes, group, p, row, token, 2); break;
                case 3: grid_row_dot(codes_of, weights_of, twice_zero, block_bytes, group, p, row, token, 3); break;
                default: grid_row_dot(codes_of, weights_of, twice_zero, block_bytes, group, p, row, token, 4);
            }
}

#define ROW(id, name, suffix, elements, group, largest)                                                                \
    static void gemv_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemv_grid(codes_##suffix, weights_##suffix, TWICE_ZERO_##suffix, sizeof(struct block_##suffix), group, p,      \
                  first, end);                                                                                         \
    }
SOTTO_GRID_FORMATS(ROW)
#undef ROW
