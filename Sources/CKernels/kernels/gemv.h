// Products of a few tokens with quantized weights, row by row. (Included once by each path, after gemm.h.)

/// The formats that use this file on this path, those that have kernels which prepare the input of each, and those
/// that use the input as it is.
#if defined(SOTTO_LANES_AVX512)
#define CHUNK_GEMV(ROW) SOTTO_GENERIC_FORMATS(ROW)
#define PREPARED_GEMV(ROW) SOTTO_PREPARED_FORMATS(ROW)
#define DIRECT_GEMV(ROW)
#elif defined(SOTTO_LANES_AVX2)
#define CHUNK_GEMV(ROW) SOTTO_PREPARED_FORMATS(ROW) SOTTO_CHUNK_FORMATS(ROW)
#define PREPARED_GEMV(ROW)
#define DIRECT_GEMV(ROW) SOTTO_GRID_FORMATS(ROW)
#else
#define CHUNK_GEMV(ROW) SOTTO_QUANTIZED_FORMATS(ROW)
#define PREPARED_GEMV(ROW)
#define DIRECT_GEMV(ROW)
#endif

#if defined(SOTTO_LANES_AVX2)
#include "gemv_avx2.h"
#else

/// A chunk of the input.
typedef activation_chunk row_input;
#define ROW_INPUT NULL, 0

typedef struct chunk_kind {
    int group;
    bool wide;
} chunk_kind;
#define CHUNK_KIND(suffix, group, largest)                                                                             \
    (chunk_kind) { group, (largest) > 127 }

/// Running sums of a row.
typedef struct dot_sums {
    f32x16 products[2];
    f32x8 offsets;
} dot_sums;

/// Adds the products of the first `parts` · 64 weights of a chunk, and the contribution of the offsets.
INLINE void chunk_dot(chunk_kind kind, const weight_chunk *w, const row_input *x, int64_t parts, dot_sums *sums) {
    const f32x8 x_scale = f32x8_load(x->scale);
    const f32x16 scale = w->scale * (kind.group == 32 ? f32x16_join(x_scale, x_scale) : f32x8_twice(x_scale));
#pragma unroll
    for (int i = 0; i < 4 && i < parts; i++) {
        const i32x16 dots = dot4((i32x16){0}, w->q[i], i8x64_load(x->q + 64 * i), kind.wide);
        sums->products[i & 1] += __builtin_convertvector(dots, f32x16) * spread_scales(scale, i, kind.group);
    }
    if (kind.group == 32) {
        sums->offsets += f32x16_low(w->offset) * f32x8_load(x->sum32);
    } else {
        const f32x16 offsets = w->offset * f32x16_load(x->sum16);
        sums->offsets += f32x16_low(offsets) + f32x16_high(offsets);
    }
}

INLINE float row_total(const dot_sums *sums) {
    const f32x16 all = sums->products[0] + sums->products[1];
    return f32x8_sum(f32x16_low(all) + f32x16_high(all) + sums->offsets);
}

#endif

INLINE const row_input *row_inputs(const product *p, int64_t token) {
    return (const row_input *)(p->prepared ? p->prepared : p->activations) + source_of(p, token) * p->chunks;
}

INLINE void row_dot(unpack_function *unpack, unpack_function *unpack_apart, size_t chunk_bytes, chunk_kind kind,
                    const product *p, int64_t row, int64_t token, int tokens) {
    const uint8_t *blocks = p->weights + (size_t)row * p->row_bytes;
    const row_input *x[4];
    for (int t = 0; t < tokens; t++) x[t] = row_inputs(p, token + t);
    dot_sums sums[4] = {0};
    const int64_t whole = p->cols / CHUNK;
    for (int64_t c = 0; c < whole; c++, blocks += chunk_bytes) {
        prefetch_weights(p->prefetch, blocks, chunk_bytes);
        weight_chunk w;
        unpack(blocks, &w);
        for (int t = 0; t < tokens; t++) chunk_dot(kind, &w, x[t] + c, 4, &sums[t]);
    }
    if (whole < p->chunks) {
        const int64_t cols = p->cols % CHUNK;
        weight_chunk w;
        const size_t readable = (size_t)(p->weights + (size_t)p->rows * p->row_bytes - blocks);
        unpack_part(unpack_apart, blocks, readable, cols, chunk_bytes, kind.group, &w);
        for (int t = 0; t < tokens; t++) chunk_dot(kind, &w, x[t] + whole, (cols + 63) / 64, &sums[t]);
    }
    for (int t = 0; t < tokens; t++)
        p->out[(token + t) * p->out_stride + row] = row_total(&sums[t]) + (p->bias ? p->bias[row] : 0);
}

INLINE void gemv_quantized(unpack_function *unpack, unpack_function *unpack_apart, size_t chunk_bytes, chunk_kind kind,
                           const product *p, int64_t first, int64_t end) {
    for (int64_t token = 0; token < p->tokens; token += 4)
        for (int64_t row = first; row < end; row++) switch (p->tokens - token) {
                case 1: row_dot(unpack, unpack_apart, chunk_bytes, kind, p, row, token, 1); break;
                case 2: row_dot(unpack, unpack_apart, chunk_bytes, kind, p, row, token, 2); break;
                case 3: row_dot(unpack, unpack_apart, chunk_bytes, kind, p, row, token, 3); break;
                default: row_dot(unpack, unpack_apart, chunk_bytes, kind, p, row, token, 4);
            }
}

#if defined(SOTTO_SHARED_GEMV)
// One function per kind of group for all formats, which calls their unpacking.
#define GEMV_FUNCTION(name, group, wide)                                                                               \
    static __attribute__((noinline)) void name(unpack_function *unpack, size_t chunk_bytes, const product *p,          \
                                               int64_t first, int64_t end) {                                           \
        gemv_quantized(unpack, unpack, chunk_bytes, (chunk_kind){group, wide}, p, first, end);                         \
    }
GEMV_FUNCTION(gemv_of_32, 32, false)
GEMV_FUNCTION(gemv_of_32_wide, 32, true)
GEMV_FUNCTION(gemv_of_16, 16, false)
#undef GEMV_FUNCTION
#define ROW(id, name, suffix, elements, group, largest)                                                                \
    static void gemv_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        (group == 16 ? gemv_of_16                                                                                      \
         : largest > 127                                                                                               \
             ? gemv_of_32_wide                                                                                         \
             : gemv_of_32)(unpack_apart_##suffix, CHUNK / elements * sizeof(struct block_##suffix), p, first, end);    \
    }
#else
#define ROW(id, name, suffix, elements, group, largest)                                                                \
    static void gemv_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemv_quantized(unpack_##suffix, unpack_apart_##suffix, CHUNK / elements * sizeof(struct block_##suffix),       \
                       CHUNK_KIND(suffix, group, largest), p, first, end);                                             \
    }
#endif
CHUNK_GEMV(ROW)
#undef ROW
