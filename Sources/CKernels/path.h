// A path is the set of kernels for one instruction set. Each file path_*.c compiles the same sources (folder kernels/)
// for its instruction set and defines a table of functions; all other code calls through that table.
#ifndef SOTTO_PATH_H
#define SOTTO_PATH_H

#include "CKernels.h"
#include "chunks.h"
#include "formats/stripes.h"
#include "formats/zeros.h"

/// The private part of a row of the format table.
typedef struct sotto_format_kernels {
    int index;  // in the table of products: format_index or interleaved_index
    bool quantized;
} sotto_format_kernels;

/// What gemv prefetches: weights at a distance, and past the end of a matrix those of the next one.
typedef struct weight_prefetch {
    sotto_prefetch_target target;
    int32_t distance;
    uintptr_t end;  // of the matrix
    intptr_t jump;  // from there to the next one
} weight_prefetch;

/// Tokens of one product. Bounds the memory of their activations and sums, and keeps it in the caches.
enum { PART_TOKENS = 512 };

/// A matrix product, as passed to kernels.
typedef struct product {
    const uint8_t *weights;  // [rows][row_bytes]
    size_t row_bytes;
    int64_t rows, cols, tokens;
    const float *x;  // [inputs][x_stride], for float formats
    int64_t x_stride;
    const activation_chunk *activations;  // [inputs][chunks], for quantized formats
    int64_t chunks;
    const void *prepared;    // [inputs][chunks], what the gemv kernel's `prepare` wrote
    const int32_t *sources;  // [tokens]: the input of each token; NULL: the one of the same index
    weight_prefetch prefetch;
    const float *bias;  // [rows] or NULL
    float *out;         // [tokens][out_stride]
    int64_t out_stride;
} product;

/// The input of a token.
INLINE int64_t source_of(const product *p, int64_t token) { return p->sources ? p->sources[token] : token; }

/// Computes rows first…end-1 of a product for all its tokens.
typedef void product_kernel(const product *p, int64_t first, int64_t end);

typedef struct product_kernels {
    product_kernel *gemv;  // row by row, straight from the mapped weights: faster for a few tokens
    product_kernel *gemm;  // unpacks each panel of rows once and uses it for all tokens
    /// Puts a chunk of the input into the order and form that gemv uses, once for all rows; NULL if it uses the chunk.
    void (*prepare)(const activation_chunk *x, void *out);
    size_t prepared_bytes;  // of a chunk
    /// For interleaved forms: writes the stripes of 16 rows, each of whole chunks. (The others have NULL.)
    void (*interleave)(const uint8_t *rows, size_t row_bytes, int64_t chunks, void *out);
} product_kernels;

/// A part of attention: the queries that share one kv head, for some tokens, over a range of keys.
typedef struct attention_task {
    int64_t kv_head;
    int64_t first_token, end_token;
    int64_t first_key, end_key;
    size_t key_bytes, value_bytes;  // of a cached row
    bool partial;                   // write sums for attention_merge instead of the output
    float *sums;                    // [query rows][attention_row_floats], if partial
    float *scratch;                 // attention_scratch_floats
} attention_task;

struct sotto_path {
    int panel_rows;   // rows of a gemm panel; `first` and `end` are multiples of it, except at the last row
    int gemv_tokens;  // for quantized weights, gemv is faster up to this many tokens (measured)
    product_kernels products[PRODUCT_COUNT];  // interleaved forms that the path lacks are zero
    void (*quantize)(const float *x, int64_t cols, activation_chunk *out);
    /// Floats to blocks. The error of column i counts importance[i] times as much, if that is not NULL. NULL if it
    /// cannot.
    void (*encode[FORMAT_COUNT])(const float *x, const float *importance, void *blocks, size_t elements);

    void (*rms_norm)(const float *x, const float *weight, float eps, int64_t size, float *out);
    void (*layer_norm)(const float *x, const float *weight, const float *bias, float eps, int64_t size, float *out);
    void (*gated)(sotto_activation f, const float *gate, const float *up, float *out, int64_t size);
    void (*add)(const float *x, float *y, int64_t count);
    void (*add_multiple)(float factor, const float *x, float *y, int64_t count);
    void (*multiply)(const float *x, float *y, int64_t count);
    void (*scale)(float factor, float *x, int64_t count);
    /// out[i] = Σ_k weights[k] · x[slots[k] · x_stride + i] for k in 0…used-1
    void (*combine)(const float *x, int64_t x_stride, const int32_t *slots, const float *weights, int64_t used,
                    int64_t size, float *out);
    void (*clamp)(float limit, float *x, int64_t count);
    void (*cut_off)(float deviations, float *x, int64_t size);
    void (*soft_cap)(float cap, float *x, int64_t count);
    bool (*all_finite)(const float *x, int64_t count);
    double (*exp_sum)(float largest, const float *x, int64_t count);
    void (*rope)(sotto_rope_pairing pairing, float *head, int64_t rope_dim, const float *cosines, const float *sines);

    void (*kv_store)(sotto_kv_type type, const float *x, int64_t size, void *row);
    void (*attend)(const sotto_attention *a, const attention_task *task);
    void (*attention_merge)(const sotto_attention *a, int64_t kv_head, int64_t first_token, int64_t end_token,
                            const float *sums, int64_t splits, int64_t split_stride);

    void (*convolve)(const sotto_convolution *c, int64_t first, int64_t end);
    void (*linear_attention)(const sotto_linear_attention *a, int64_t first, int64_t end);

    /// Reads `bytes` (a multiple of 256) of memory.
    uint32_t (*measure_read)(const uint8_t *memory, size_t bytes);
    /// Performs steps · MEASURE_DOT_PRODUCTS multiply-adds of bytes.
    int32_t (*measure_dot)(uint8_t seed, int64_t steps);
};
typedef struct sotto_path sotto_path;

extern const sotto_path sotto_path_portable;
#if defined(__x86_64__)
extern const sotto_path sotto_path_avx2, sotto_path_avx_vnni, sotto_path_avx512;
#elif defined(__aarch64__)
extern const sotto_path sotto_path_neon;
#endif
/// The path, or NULL if this CPU or build does not support it.
const sotto_path *sotto_path_find(sotto_isa isa);

#define MEASURE_DOTS 12
#define MEASURE_DOT_PRODUCTS (MEASURE_DOTS * 4 * LANES)

/// Keys that attention processes per step.
#define KEY_BLOCK 64
/// Tokens whose queries attention processes together.
#define QUERY_TOKENS 32
/// Query rows of a task (tokens times queries per kv head) up to which attention_direct.h is faster (measured).
#define DIRECT_ROWS 32

INLINE int64_t round_up(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

/// The first key that a query attends to.
INLINE int64_t attention_first_key(const sotto_attention *a, int64_t position) {
    const int64_t window = a->window > 0 && position >= a->window ? position - a->window + 1 : 0;
    const int64_t chunk = a->chunk > 0 ? position / a->chunk * a->chunk : 0;
    return window > chunk ? window : chunk;
}

/// Floats of a key, of a value, and of a row of a partial task's sums (largest score, total, padding, values).
INLINE int64_t attention_key_floats(const sotto_attention *a) { return round_up(a->head_dim, LANES); }
INLINE int64_t attention_value_floats(const sotto_attention *a) { return round_up(a->value_dim, 2 * LANES); }
INLINE int64_t attention_row_floats(const sotto_attention *a) { return LANES + attention_value_floats(a); }
/// Floats of scratch memory that a task with `rows` query rows needs.
INLINE int64_t attention_scratch_floats(const sotto_attention *a, int64_t rows) {
    const int64_t keys = attention_key_floats(a), values = attention_value_floats(a);
    return round_up(rows * a->head_dim, LANES) + (KEY_BLOCK + LANES) * keys + KEY_BLOCK * values +
           rows * (KEY_BLOCK + values + 2 * LANES);
}

#endif
