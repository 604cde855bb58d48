// Tiles of products of many tokens, for AVX2 without VNNI: four tokens times 16 rows. (Included by gemm.h.)
//
// A product of four bytes takes two instructions here: one multiplies and adds pairs in 16 bits, the other widens and
// adds these. Pairs of several products are first added in 16 bits, as many as fit, so that the second is rarely
// needed. Weights of eight bits, of which two products would not fit, are split into nibbles.

/// ROW(weights that share a scale, largest byte of a weight). For 15 and 16, all products of a group fit in 16 bits.
#define TILE_KINDS(ROW)                                                                                                \
    ROW(32, 16) ROW(32, 31) ROW(32, 63) ROW(32, 127) ROW(32, 255) ROW(16, 31) ROW(16, 63) ROW(16, 127)

/// How many products of a group, at most `count`, can be added in 16 bits: a power of two.
INLINE int products_in_16_bits(int largest, int count) {
    int n = 1;
    while (2 * n <= count && 2 * n * (2 * 127 * largest) <= INT16_MAX) n *= 2;
    return n;
}

/// Brings a panel into the form that tiles use: for weights of eight bits, vectors of their low and of their high
/// nibbles in turn, of weights plus 128.
INLINE void prepare_panel(int largest, panel_chunk *panel) {
    if (largest <= 127) return;
    for (int i = CHUNK / 4; i-- > 0;) {
        const u8x64 w = (u8x64)u32x16_load(panel->q[i]) ^ 128;
        u32x16_store(panel->q[2 * i], (u32x16)(w & 15));
        u32x16_store(panel->q[2 * i + 1], (u32x16)(w >> 4));
    }
    for (int g = 0; g < CHUNK / 32; g++)
        f32x16_store(panel->offset[g], f32x16_load(panel->offset[g]) - 128 * f32x16_load(panel->scale[g]));
}

/// Half of the rows of a vector.
INLINE __m256i eight_rows(const uint32_t vector[LANES], int half) {
    return _mm256_load_si256((const __m256i *)(vector + 8 * half));
}
/// Four activations for all rows.
INLINE __m256i four_columns(const int8_t *x) {
    int32_t four;
    memcpy(&four, x, sizeof four);
    return _mm256_set1_epi32(four);
}
/// Two running sums that the compiler must have in registers here. It would otherwise reorder the additions of several
/// vectors and then spill. (Q4_K: 81 instead of 75 G multiply-adds/s on Zen 4.)
#define IN_REGISTERS(a, b) __asm__ volatile("" : "+x"(a), "+x"(b))

typedef __m256i tile_dots[TILE_TOKENS][2];

/// The dot products of a group, which has `count` vectors at `q`, with the activations from `first` on.
INLINE void group_dots(const uint32_t (*q)[LANES], int count, int largest, const activation_chunk *const *x,
                       int64_t first, int tokens, tile_dots dots) {
    const int together = products_in_16_bits(largest, count);
#pragma clang loop unroll(full)
    for (int start = 0; start < count; start += together) {
        tile_dots sums;
#pragma clang loop unroll(full)
        for (int i = start; i < start + together; i++) {
            const __m256i w[2] = {eight_rows(q[i], 0), eight_rows(q[i], 1)};
#pragma clang loop unroll(full)
            for (int t = 0; t < tokens; t++)
#pragma clang loop unroll(full)
                for (int h = 0; h < 2; h++) {
                    const __m256i pairs = _mm256_maddubs_epi16(w[h], four_columns(x[t]->q + first + 4 * i));
                    sums[t][h] = i == start ? pairs : _mm256_add_epi16(sums[t][h], pairs);
                }
            if (together > 1)
                for (int t = 0; t < tokens; t++) IN_REGISTERS(sums[t][0], sums[t][1]);
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < tokens; t++)
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                const __m256i wide = _mm256_madd_epi16(sums[t][h], _mm256_set1_epi16(1));
                dots[t][h] = start == 0 ? wide : _mm256_add_epi32(dots[t][h], wide);
            }
        if (together < count)
            for (int t = 0; t < tokens; t++) IN_REGISTERS(dots[t][0], dots[t][1]);
    }
}

/// The same for weights of eight bits, as prepare_panel splits them. Half of the rows at a time, because each token
/// needs two sums.
INLINE void group_dots_wide(const uint32_t (*q)[LANES], int count, const activation_chunk *const *x, int64_t first,
                            int tokens, tile_dots dots) {
#pragma clang loop unroll(disable)
    for (int h = 0; h < 2; h++) {
        __m256i low[TILE_TOKENS], high[TILE_TOKENS];
#pragma clang loop unroll(full)
        for (int i = 0; i < count; i++) {
            const __m256i nibbles[2] = {eight_rows(q[2 * i], h), eight_rows(q[2 * i + 1], h)};
#pragma clang loop unroll(full)
            for (int t = 0; t < tokens; t++) {
                const __m256i four = four_columns(x[t]->q + first + 4 * i);
                const __m256i low_pairs = _mm256_maddubs_epi16(nibbles[0], four);
                const __m256i high_pairs = _mm256_maddubs_epi16(nibbles[1], four);
                low[t] = i == 0 ? low_pairs : _mm256_add_epi16(low[t], low_pairs);
                high[t] = i == 0 ? high_pairs : _mm256_add_epi16(high[t], high_pairs);
            }
            for (int t = 0; t < tokens; t++) IN_REGISTERS(low[t], high[t]);
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < tokens; t++)
            dots[t][h] = _mm256_add_epi32(_mm256_madd_epi16(low[t], _mm256_set1_epi16(1)),
                                          _mm256_madd_epi16(high[t], _mm256_set1_epi16(16)));
    }
}

INLINE void quantized_tile(const panel_chunk (*slab)[TILE_PANELS], int64_t groups, int group, int largest,
                           const product *p, int64_t chunk, int64_t token, int tokens, const tile_out *o) {
    const activation_chunk *xt[TILE_TOKENS];
    for (int t = 0; t < tokens; t++) xt[t] = p->activations + source_of(p, token + t) * p->chunks + chunk;
    __m256 sum[TILE_TOKENS][2];
    for (int t = 0; t < tokens; t++) {
        const f32x16 start = tile_start(o, t, 0);
        memcpy(sum[t], &start, sizeof start);
    }
    const int vectors = largest > 127 ? group / 2 : group / 4;
    for (int64_t first = 0; first < groups; first += CHUNK / group, slab++) {
        const panel_chunk *panel = *slab;
        const int64_t count = SMALLER(groups - first, CHUNK / group);
        for (int64_t g = 0; g < count; g++) {
            tile_dots dots;
            if (largest > 127)
                group_dots_wide(panel->q + g * vectors, group / 4, xt, g * group, tokens, dots);
            else
                group_dots(panel->q + g * vectors, group / 4, largest, xt, g * group, tokens, dots);
            for (int h = 0; h < 2; h++) {
                const __m256 scale = _mm256_load_ps(panel->scale[g] + 8 * h);
                const __m256 offset = _mm256_load_ps(panel->offset[g] + 8 * h);
                for (int t = 0; t < tokens; t++) {
                    sum[t][h] += _mm256_cvtepi32_ps(dots[t][h]) * (scale * xt[t]->scale[g * group / 32]);
                    sum[t][h] += offset * (group == 32 ? xt[t]->sum32 : xt[t]->sum16)[g];
                }
            }
        }
        for (int t = 0; t < tokens; t++) xt[t]++;
    }
    for (int t = 0; t < tokens; t++) {
        f32x16 all;
        memcpy(&all, sum[t], sizeof all);
        tile_finish(o, t, 0, all);
    }
}
