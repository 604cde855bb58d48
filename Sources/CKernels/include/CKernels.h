// Sotto's compute kernels: quantization formats, matrix products, attention, and the vector operations of a
// transformer. Each is compiled for several instruction sets (a "path" each), one of which is chosen at run time.
//
// Rules for callers: pointers cover the stated shapes, sizes are element counts unless they say bytes, and kernels
// read nothing outside these bounds. Callers (the Inference target) validate files first. Kernels never print or
// abort, and keep no global mutable state besides the CPU probe. (The grids of some formats are filled before `main`.)
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Formats ------------------------------------------------------------------------------------------------------

/// A quantization format that has kernels: one row of the format table. Ids are ggml's type ids.
typedef struct sotto_format {
    uint32_t id;
    const char *name;         // "Q4_K"
    uint32_t block_elements;  // weights per block, along a row
    uint32_t block_bytes;
    /// out[i] = value of weight i; `elements` is a multiple of block_elements.
    void (*dequantize)(const void *blocks, float *out, size_t elements);
    const struct sotto_format_kernels *kernels;  // private to CKernels
} sotto_format;

/// The row for a ggml type id, or NULL if there are no kernels for it.
const sotto_format *sotto_format_find(uint32_t ggml_type);
size_t sotto_format_count(void);
const sotto_format *sotto_format_at(size_t index);

// MARK: Compute context ----------------------------------------------------------------------------------------------

/// Instruction sets that have a path, slowest to fastest on each architecture.
typedef enum sotto_isa {
    SOTTO_ISA_PORTABLE = 0,
    SOTTO_ISA_AVX2,
    SOTTO_ISA_AVX_VNNI,
    SOTTO_ISA_AVX512,
    SOTTO_ISA_NEON
} sotto_isa;

/// The fastest path that this CPU can run, probed once.
sotto_isa sotto_isa_best(void);
/// Whether this CPU (and this build) can run a path.
bool sotto_isa_available(sotto_isa isa);
/// For users, such as "AVX-512".
const char *sotto_isa_name(sotto_isa isa);

/// Threads, instruction set and scratch memory, for one caller at a time.
typedef struct sotto_compute sotto_compute;
/// `threads` (1…256) includes the caller. Workers spin briefly between jobs, then sleep.
/// NULL if memory or threads cannot be allocated or the path is not available.
sotto_compute *sotto_compute_create(int threads, sotto_isa isa);
void sotto_compute_destroy(sotto_compute *compute);
/// Bytes of scratch memory that are allocated now.
size_t sotto_compute_scratch_bytes(const sotto_compute *compute);

/// How decode prefetches weights. The best choice differs between processors; results are the same with all of them.
typedef enum sotto_prefetch_target {
    SOTTO_PREFETCH_NONE = 0,
    SOTTO_PREFETCH_L1,
    SOTTO_PREFETCH_L2
} sotto_prefetch_target;
typedef struct sotto_prefetch {
    sotto_prefetch_target target;
    int32_t distance;  // bytes ahead of the arithmetic, at least 0
} sotto_prefetch;
/// Initially SOTTO_PREFETCH_L2 and 8 KiB.
void sotto_compute_set_prefetch(sotto_compute *compute, sotto_prefetch prefetch);

// MARK: Quantizing weights ------------------------------------------------------------------------------------------

/// Encodes `elements` floats (a whole number of blocks) in a format, choosing scales and codes for a small squared
/// error, in which large values count more. `importance`, if not NULL, has a factor for the squared error of each
/// value, finite and not negative. All paths write the same bytes. Writes nothing and returns false if the path is not
/// available, the format cannot be encoded, or a value does not fit: NaN, infinity, or a magnitude above 65,504 (more
/// for F32 and BF16).
bool sotto_quantize(const sotto_format *format, sotto_isa isa, const float *x, const float *importance, void *blocks,
                    size_t elements);

// MARK: Matrix products ----------------------------------------------------------------------------------------------

/// A weight matrix as stored in the file: `rows` rows of `cols` weights, row-major, no padding.
/// `cols` is a multiple of the format's block_elements.
typedef struct sotto_matrix {
    const sotto_format *format;
    const void *data;
    int64_t rows, cols;
} sotto_matrix;

/// One of the products that share an input.
typedef struct sotto_projection {
    sotto_matrix weights;
    const float *bias;           // [rows] or NULL
    float *out;                  // [tokens][out_stride], of which the first weights.rows are written
    int64_t out_stride;          // floats from one token to the next
    const void *const *experts;  // of sotto_project_experts: the data of each expert's matrix, or NULL
} sotto_projection;

/// out[t][r] = bias[r] + Σ_c W[r][c] · x[t][c] for each projection, all of the same cols.
/// x is [tokens][x_stride] (x_stride ≥ cols). For quantized formats, activations are quantized once for all
/// projections. A few tokens use gemv kernels, which read weights straight from the mapped file; more tokens use gemm
/// kernels, which unpack each panel of weights once. Returns false, with undefined outputs, if scratch memory cannot
/// be allocated.
bool sotto_project(sotto_compute *compute, const float *x, int64_t x_stride, int64_t tokens,
                   const sotto_projection *projections, int count);

/// Which rows of a product with experts belong to which expert.
typedef struct sotto_expert_rows {
    int64_t experts;
    const int64_t *starts;  // [experts + 1], from 0 on: rows starts[e] ..< starts[e + 1] of the output are of expert e
    const int32_t
        *sources;  // [starts[experts]]: the row of x of each row of the output; NULL: the one of the same index
} sotto_expert_rows;

/// As sotto_project, for a mixture of experts: out[i] = bias[e] + W[e] · x[sources[i]] for the rows i of each expert e.
/// A projection's `weights` is the matrix of expert 0; that of expert e is e · (bytes of a matrix) behind it, also for
/// interleaved copies, unless `experts` says where each is. bias is [experts][rows] or NULL, out is
/// [starts[experts]][out_stride]. x is [x_rows][x_stride]. Each expert's weights are read once for up to 512 rows, by
/// the kernel that is best for their number; experts without rows cost nothing. x is quantized once.
bool sotto_project_experts(sotto_compute *compute, const float *x, int64_t x_stride, int64_t x_rows,
                           const sotto_expert_rows *rows, const sotto_projection *projections, int count);
/// The most bytes of scratch memory that sotto_project_experts allocates for up to `x_rows` rows of x and `rows` rows
/// of the output, with or without sources. Uses the formats and sizes of the projections only. (Without sources there
/// are several passes, so that the memory does not grow with the rows of x.)
size_t sotto_project_experts_scratch_bytes(sotto_isa isa, const sotto_projection *projections, int count,
                                           int64_t x_rows, int64_t rows, int64_t experts, bool has_sources);

/// Passes of up to this many tokens (at least 1) are batch-invariant: each token gets the same bits as in a pass of
/// its own, through all products and attention. Speculative decoding therefore never changes a reply.
/// group: queries that share a cached head, heads / kv_heads, at least 1.
int64_t sotto_batch_invariant_tokens(const sotto_compute *compute, int64_t group);

/// Rows `ids[0…count)` of a matrix as floats: out is [count][cols]. Ids must be in 0…rows-1.
void sotto_gather_rows(sotto_compute *compute, const sotto_matrix *matrix, const int32_t *ids, int64_t count,
                       float *out);

// MARK: Interleaved copies -------------------------------------------------------------------------------------------

/// A copy of a matrix whose rows are interleaved is multiplied faster, with the same bits. It is a matrix of its own:
/// its `format` is an interleaved form of the original's, its `data` is aligned to 64 bytes and has rows · cols /
/// block_elements · block_bytes bytes. sotto_project takes it; sotto_gather_rows and everything else that takes a
/// format needs the original.
///
/// The interleaved form of a matrix's format, or NULL if this path or the matrix's size allows none. Reads no weights.
const sotto_format *sotto_interleaved_format(sotto_isa isa, const sotto_matrix *matrix);
/// Writes the copy of a matrix that has an interleaved form.
void sotto_interleave(sotto_compute *compute, const sotto_matrix *matrix, void *data);

// MARK: Norms, activations, sums -------------------------------------------------------------------------------------

/// RMS norm over `groups` consecutive runs of `size` floats: out = x / sqrt(mean(x²) + eps) · weight.
/// weight is [size], shared by all groups, or NULL. out may be x. (Zhang & Sennrich 2019)
void sotto_rms_norm(sotto_compute *compute, const float *x, const float *weight, float eps, int64_t groups,
                    int64_t size, float *out);
/// Layer norm with a bias that is [size] or NULL, otherwise as above. (Ba et al. 2016)
void sotto_layer_norm(sotto_compute *compute, const float *x, const float *weight, const float *bias, float eps,
                      int64_t groups, int64_t size, float *out);

typedef enum sotto_activation_kind {
    SOTTO_SILU = 0,      // x · sigmoid(x)
    SOTTO_GELU_TANH,     // the tanh approximation, used by Gemma
    SOTTO_GELU,          // exact, with erf
    SOTTO_RELU,          // max(x, 0)
    SOTTO_RELU_SQUARED,  // max(x, 0)²
    SOTTO_SIGMOID,       // 1 / (1 + e^-x)
    SOTTO_SOFTPLUS,      // ln(1 + e^x)
    /// Parameters n, p, β, ε: p·x² + β·x for x > 0, else n·(e^min(x, ε) - 1 - x) + β·x. n and p are the file's values
    /// after softplus, n with β added. (Huang & Schlag 2024; Apertus)
    SOTTO_XIELU,
    // The kinds below limit both factors: up is first clamped to ±l, and multiplies as stated.
    SOTTO_SWIGLU_OAI,       // parameters α, l: g · sigmoid(α·g) · (up + 1), g = min(gate, l)  (gpt-oss)
    SOTTO_SILU_CLAMPED,     // parameter l: min(silu(gate), l) · up  (Step 3.5)
    SOTTO_SILU_OF_CLAMPED,  // parameter l: silu(min(gate, l)) · up  (Maple)
} sotto_activation_kind;
typedef struct sotto_activation {
    sotto_activation_kind kind;
    float parameters[4];  // those that the kind has, in the order given above
} sotto_activation;
/// out[t][i] = f(gate[t][i]) · up[t][i], where a NULL `up` counts as 1. Rows are `stride` floats apart in all three.
/// out may be gate or up. Relative errors are about 1e-6, except where SOTTO_GELU is close to zero.
void sotto_gated(sotto_compute *compute, sotto_activation f, const float *gate, const float *up, float *out,
                 int64_t tokens, int64_t size, int64_t stride);
/// y[i] += x[i]
void sotto_add(sotto_compute *compute, const float *x, float *y, int64_t count);
/// y[i] *= x[i]
void sotto_multiply(sotto_compute *compute, const float *x, float *y, int64_t count);
/// x[i] *= factor
void sotto_scale(sotto_compute *compute, float factor, float *x, int64_t count);
/// x[r][i] *= factors[r]
void sotto_scale_rows(sotto_compute *compute, const float *factors, float *x, int64_t rows, int64_t size);
/// y[r][i] += factors[r] · x[r][i]
void sotto_add_scaled_rows(sotto_compute *compute, const float *factors, const float *x, float *y, int64_t rows,
                           int64_t size);
/// x[r][i] *= weights[i]
void sotto_multiply_rows(sotto_compute *compute, const float *weights, float *x, int64_t rows, int64_t size);
/// out[t][i] = Σ_k weights[t · used + k] · x[slots[t · used + k]][i] for k in 0…used-1, added in this order, so that a
/// token's sum does not depend on the other tokens. Rows of x are x_stride floats apart, those of out `size`.
void sotto_combine(sotto_compute *compute, const float *x, int64_t x_stride, const int32_t *slots, const float *weights,
                   int64_t tokens, int64_t used, int64_t size, float *out);
/// x[i] limited to -limit…limit; NaN stays NaN.
void sotto_clamp(sotto_compute *compute, float limit, float *x, int64_t count);
/// x[r][i] = max(0, x[r][i] - (mean + deviations · s)), where s is the standard deviation of row r with the divisor
/// size - 1, for rows of at least two floats: a Gaussian estimate of the largest values. (Gemma 3n)
void sotto_cut_off(sotto_compute *compute, float deviations, float *x, int64_t rows, int64_t size);
/// x[i] = cap · tanh(x[i] / cap)  (Gemma 2)
void sotto_soft_cap(sotto_compute *compute, float cap, float *x, int64_t count);
/// Whether no x[i] is infinite or NaN.
bool sotto_all_finite(sotto_compute *compute, const float *x, int64_t count);
/// Σ exp(x[i] − largest), the denominator of a softmax. No x[i] is above `largest`.
double sotto_exp_sum(sotto_compute *compute, float largest, const float *x, int64_t count);

// MARK: Rotary positions ---------------------------------------------------------------------------------------------

typedef enum sotto_rope_pairing {
    SOTTO_ROPE_ADJACENT = 0,  // (x0,x1)(x2,x3)…   llama files
    SOTTO_ROPE_HALVES         // (x0,x[d/2])…      NeoX: qwen, gemma, phi
} sotto_rope_pairing;
/// Rotates the first `rope_dim` of each head's `head_dim` floats, in place.
/// x is [tokens][stride], beginning with `heads` heads; cosines and sines are [tokens][rope_dim/2] and include any
/// magnitude factor. (Su et al. 2021)
void sotto_rope(sotto_compute *compute, sotto_rope_pairing pairing, float *x, int64_t tokens, int64_t stride,
                int64_t heads, int64_t head_dim, int64_t rope_dim, const float *cosines, const float *sines);

// MARK: KV cache and attention ---------------------------------------------------------------------------------------

typedef enum sotto_kv_type { SOTTO_KV_F16 = 0, SOTTO_KV_F32, SOTTO_KV_Q8_0 } sotto_kv_type;
/// Bytes of one cached key or value vector of `size` elements.
size_t sotto_kv_row_bytes(sotto_kv_type type, int64_t size);

/// Writes tokens into one layer's cache, which is [kv_heads][capacity][row of `size` elements] (head-major, so that
/// each head's history is contiguous). x is [tokens][stride]; token t goes to slot first + t.
void sotto_kv_store(sotto_compute *compute, sotto_kv_type type, const float *x, int64_t tokens, int64_t stride,
                    int64_t kv_heads, int64_t size, void *cache, int64_t capacity, int64_t first);

typedef struct sotto_attention {
    const float *q;  // [tokens][q_stride], heads · head_dim floats used
    int64_t q_stride;
    const void *keys;    // [kv_heads][capacity][head_dim] in kv_type
    const void *values;  // [kv_heads][capacity][value_dim] in kv_type
    sotto_kv_type kv_type;
    float *out;  // [tokens][out_stride], heads · value_dim floats written
    int64_t out_stride;
    int64_t tokens;           // query t is at position first + t
    int64_t first;            // position (= cache slot) of the first query; its key is already stored
    int64_t heads, kv_heads;  // heads is a multiple of kv_heads
    int64_t head_dim, value_dim;
    int64_t capacity;
    int64_t window;  // sliding window; 0: all earlier positions; w: only positions > p - w
    int64_t chunk;   // 0: none; c: only positions from p / c · c on (Llama 4)
    float scale;     // usually 1/sqrt(head_dim)
    float soft_cap;  // 0: none; c: scores become c·tanh(score/c) before the softmax
    /// [heads] or NULL: slope · (key position - query position) is added to each score, after the cap. (Press et al.
    /// 2022, ALiBi)
    const float *slopes;
    const float *sinks;  // [heads] or NULL: the score of one more key, whose value is zero (gpt-oss)
} sotto_attention;
/// Causal attention over blocks of keys with an online softmax, so memory does not grow with the prompt.
/// (Milakov & Gimelshein 2018; Dao et al. 2022.) Returns false if scratch memory cannot be allocated.
bool sotto_attend(sotto_compute *compute, const sotto_attention *attention);
/// The most bytes of scratch memory that attention of up to attention->tokens queries at positions up to
/// attention->capacity allocates. Uses the sizes only, no pointers.
size_t sotto_attend_scratch_bytes(const sotto_attention *attention, int threads);

// MARK: Layers with a state of fixed size ----------------------------------------------------------------------------

/// The longest convolution.
#define SOTTO_MOST_CONVOLUTION 16

/// A causal convolution over tokens, of each channel on its own, in place:
/// x[t][c] = bias[c] + Σ_k weights[k][c] · x[t - length + 1 + k][c]
typedef struct sotto_convolution {
    float *x;              // [tokens][channels]
    const float *weights;  // [length][channels]
    const float *bias;     // [channels] or NULL
    float *state;          // [length - 1][channels]: the inputs before the first token; then, before the next one
    int64_t tokens, channels;
    int64_t length;  // 1…SOTTO_MOST_CONVOLUTION
} sotto_convolution;
void sotto_convolve(sotto_compute *compute, const sotto_convolution *call);

/// steps = softplus(x + bias), limited to least…most, and decays = e^(rate · step), one of each for every head.
/// (Dao & Gu 2024, "Transformers are SSMs")
typedef struct sotto_time_step_call {
    const float *x;      // [tokens][heads]
    const float *bias;   // [heads]
    const float *rates;  // [heads], below 0
    float least, most;
    int64_t tokens, heads;
    float *steps;   // [tokens][heads]; may be x
    float *decays;  // [tokens][heads]
} sotto_time_step_call;
void sotto_time_steps(const sotto_time_step_call *call);

/// Linear attention with a decaying state S for each head, [key_dim][value_dim], token by token: with the decay d, the
/// rate r, the key k, the query q and the value v of a token,
///
///     S = d · S + k ⊗ (r · v)                  (Dao & Gu 2024: Mamba 2, whose B and C are keys and queries)
///     S = d · S + k ⊗ (r · (v - d · Sᵀ·k))     if `is_delta` (Yang et al. 2024, "Gated Delta Networks")
///     v = Sᵀ·q + skip · v
///
/// A token's result does not depend on which tokens are in the same call.
typedef struct sotto_linear_attention {
    const float *queries, *keys;  // [tokens][key_heads][key_dim]
    float *values;                // [tokens][heads][value_dim], replaced by the output
    const float *decays, *rates;  // [tokens][heads]
    const float *skips;           // [heads] or NULL
    float *state;                 // sotto_linear_attention_state_floats, zero before the first token
    int64_t tokens;
    int64_t heads, key_heads;  // heads is a multiple of key_heads
    int64_t key_dim, value_dim;
    bool tiled;  // head h has key head h % key_heads, else h / (heads / key_heads)
    bool is_delta;
} sotto_linear_attention;
size_t sotto_linear_attention_state_floats(int64_t heads, int64_t key_dim, int64_t value_dim);
void sotto_attend_linearly(sotto_compute *compute, const sotto_linear_attention *call);

// MARK: Hardware limits ----------------------------------------------------------------------------------------------

/// Bytes per second that all threads together read from `memory`, a whole number of megabytes that have been written
/// to; 0 if that cannot be measured. `memory` should be far larger than the caches: with a 32 MB cache, 256 MB were
/// read a third faster than 1 GB. Takes about 0.2 s.
double sotto_measure_read_bandwidth(sotto_compute *compute, const void *memory, size_t bytes);
/// 8-bit multiply-adds per second of all threads together on this path. Takes about 0.2 s.
double sotto_measure_int8_peak(sotto_compute *compute);

#endif
