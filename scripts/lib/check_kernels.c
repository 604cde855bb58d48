// Tests the kernels outside of Swift: for scripts/check-arm64 under emulation, for scripts/check-sanitizers with the
// compiler's sanitizers. Compares every path with double precision, and the NEON path bit by bit with the portable one.
// The argument, if there is one, is the name of the path that the processor should use.
#include "CKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: Numbers

static uint64_t state = 41;

/// −1…1 (SplitMix64)
static float number(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (float)((z ^ z >> 31) >> 40) / 8388608.0f - 1;
}

static void fill(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = number();
}

// MARK: Checks

static const char *path;  // the one being checked
static int failures = 0;

static void report(bool good, const char *what, const char *detail, const char *problem) {
    if (!good) printf("%-7s %-10s %-34s %s\n", path, what, detail, problem);
    failures += !good;
}

/// The root mean square of the differences, relative to that of the expected numbers, must be at most `most`. NaN
/// fails.
static void expect_close(const char *what, const char *detail, const float *found, const double *expected, size_t count,
                         double most) {
    double error = 0, size = 0;
    for (size_t i = 0; i < count; i++) {
        error += (expected[i] - found[i]) * (expected[i] - found[i]);
        size += expected[i] * expected[i];
    }
    char problem[64];
    snprintf(problem, sizeof problem, "off by %.7f, at most %.7f", sqrt(error / size), most);
    report(sqrt(error / size) <= most, what, detail, problem);
}

/// NEON and the portable path do the same arithmetic in the same order, so no bit may differ.
static void expect_same(sotto_isa isa, const char *what, const char *detail, const void *found, const void *expected,
                        size_t bytes) {
    if (isa == SOTTO_ISA_NEON)
        report(memcmp(found, expected, bytes) == 0, what, detail, "differs from the portable path");
}

/// A copy that ends with its allocation, so that a sanitizer sees a read beyond it. To be freed.
static void *exact_copy(const void *source, size_t bytes) {
    void *copy = malloc(bytes);
    if (!copy) exit(2);
    return memcpy(copy, source, bytes);
}

// MARK: Products

enum { Q8_0 = 8, IQ4_NL = 20, IQ4_XS = 23, F64 = 28 };  // ggml's type ids
enum { ROWS = 70, MOST_COLS = 768, MOST_TOKENS = 33 };

/// Full chunks, partial chunks and partial vectors, as far as the format's blocks allow.
static int columns(const sotto_format *format) {
    return format->block_elements == 256   ? 768
           : format->block_elements == 128 ? 640
           : format->block_elements > 1    ? 576
                                           : 613;
}

/// Weights that use all eight bits are signed on one path and unsigned with an offset on the other: equal up to
/// rounding.
static bool is_wide(const sotto_format *format) {
    return format->id == Q8_0 || format->id == IQ4_NL || format->id == IQ4_XS;
}

/// A number in −1…1 as an F64, or one in −100…100 as an integer.
static void put_number(const sotto_format *format, uint8_t *out) {
    const double x = number();
    const int64_t integer = (int64_t)(x * 100);
    memcpy(out, format->id == F64 ? (const void *)&x : &integer, format->block_bytes);
}

/// Fills a block with random bytes whose weights are of ordinary size.
static void fill_block(const sotto_format *format, uint8_t *block) {
    float weights[256], largest;
    do {
        for (uint32_t i = 0; i < format->block_bytes; i++) block[i] = (uint8_t)(int)(number() * 128);
        format->dequantize(block, weights, format->block_elements);
        largest = 0;
        for (uint32_t i = 0; i < format->block_elements; i++)
            largest = weights[i] == weights[i] ? fmaxf(largest, fabsf(weights[i])) : INFINITY;
    } while (!(largest > 1e-3f && largest < 10));
}

/// Random weights: quantized numbers if the format can be quantized to, else random blocks.
static void fill_weights(sotto_isa isa, const sotto_format *format, const float *source, uint8_t *blocks,
                         size_t elements) {
    if (sotto_quantize(format, isa, source, NULL, blocks, elements)) return;
    for (size_t i = 0; i < elements / format->block_elements; i++)
        (format->block_elements == 1 ? put_number : fill_block)(format, blocks + i * format->block_bytes);
}

static size_t matrix_bytes(const sotto_format *format, int rows, int cols) {
    return (size_t)rows * (size_t)cols / format->block_elements * format->block_bytes;
}

/// [tokens][rows], by an interleaved copy if that is wanted and there is such a form.
static bool multiply(sotto_isa isa, const sotto_format *format, const void *blocks, int rows, int cols,
                     const float *given, int tokens, bool interleaved, float *out) {
    const size_t bytes = matrix_bytes(format, rows, cols), results = (size_t)(tokens * rows);
    void *weights = exact_copy(blocks, bytes), *copy = NULL;
    float *x = exact_copy(given, (size_t)(tokens * cols) * sizeof(float));
    float *result = exact_copy(out, results * sizeof(float));
    sotto_compute *compute = sotto_compute_create(2, isa);
    sotto_matrix matrix = {.format = format, .data = weights, .rows = rows, .cols = cols};
    const sotto_format *form = interleaved ? sotto_interleaved_format(isa, &matrix) : NULL;
    if (compute && form) {
        const size_t copied = matrix_bytes(form, rows, cols);
        copy = aligned_alloc(64, (copied + 63) / 64 * 64);
        if (!copy) exit(2);
        sotto_interleave(compute, &matrix, copy);
        matrix.format = form, matrix.data = copy;
    }
    const sotto_projection p = {.weights = matrix, .out = result, .out_stride = rows};
    const bool done = compute && sotto_project(compute, x, cols, tokens, &p, 1);
    memcpy(out, result, results * sizeof(float));
    sotto_compute_destroy(compute);
    free(weights), free(copy), free(x), free(result);
    return done;
}

/// In double precision, [tokens][rows].
static void multiply_exactly(const float *weights, int rows, int cols, const float *x, int tokens, double *out) {
    for (int t = 0; t < tokens; t++)
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < cols; c++) sum += (double)weights[r * cols + c] * x[t * cols + c];
            out[t * rows + r] = sum;
        }
}

static void check_products(sotto_isa isa, const sotto_format *format) {
    static float source[ROWS * MOST_COLS], weights[ROWS * MOST_COLS], x[MOST_TOKENS * MOST_COLS];
    static float out[MOST_TOKENS * ROWS], portable[MOST_TOKENS * ROWS];
    static double expected[MOST_TOKENS * ROWS];
    static uint8_t blocks[2 * sizeof source], portable_blocks[2 * sizeof source];
    const int cols = columns(format);
    const size_t elements = (size_t)(ROWS * cols);
    const size_t bytes = matrix_bytes(format, ROWS, cols);
    fill(source, elements);
    fill_weights(isa, format, source, blocks, elements);
    if (sotto_quantize(format, SOTTO_ISA_PORTABLE, source, NULL, portable_blocks, elements))
        expect_same(isa, format->name, "quantizing", blocks, portable_blocks, bytes);
    format->dequantize(blocks, weights, elements);
    const bool is_float = format->block_elements == 1;
    // All rows, those of an interleaved copy, and fewer than kernels take together.
    static const int row_counts[] = {ROWS, 64, 3};
    for (int i = 0; i < 3; i++)
        for (int tokens = 1; tokens <= MOST_TOKENS; tokens += tokens < 4 ? 1 : MOST_TOKENS - 4) {
            const int rows = row_counts[i];
            char detail[48];
            snprintf(detail, sizeof detail, "%d rows, %d tokens", rows, tokens);
            fill(x, (size_t)(tokens * cols));
            report(multiply(isa, format, blocks, rows, cols, x, tokens, rows == 64, out), format->name, detail,
                   "no memory");
            multiply(SOTTO_ISA_PORTABLE, format, blocks, rows, cols, x, tokens, false, portable);
            multiply_exactly(weights, rows, cols, x, tokens, expected);
            const size_t count = (size_t)(tokens * rows);
            // Activations have 8 bits. The sum of a few numbers may be near 0, and the relative error larger.
            expect_close(format->name, detail, out, expected, count, is_float ? 2e-6 : rows < 10 ? 0.2 : 0.02);
            if (!is_wide(format)) expect_same(isa, format->name, detail, out, portable, count * sizeof(float));
        }
}

/// The rows of the matrix as those of five experts: some multiply no row of x, some a few, some many, out of order.
/// Copies are made while a model is in use, so they must give the same bits.
static void check_copies(sotto_isa isa, const sotto_format *format) {
    enum { COPIED_ROWS = 48, COLS = 768, TOKENS = 17 };
    static float source[COPIED_ROWS * COLS], x[TOKENS * COLS], out[TOKENS * COPIED_ROWS], rows[TOKENS * COPIED_ROWS];
    static uint8_t blocks[2 * sizeof source];
    const sotto_matrix matrix = {.format = format, .data = blocks, .rows = COPIED_ROWS, .cols = COLS};
    if (!sotto_interleaved_format(isa, &matrix)) return;
    fill(source, sizeof source / sizeof *source);
    fill_weights(isa, format, source, blocks, sizeof source / sizeof *source);
    fill(x, sizeof x / sizeof *x);
    for (int tokens = 1; tokens <= TOKENS; tokens += tokens < 9 ? 1 : TOKENS - 9) {
        char detail[48];
        snprintf(detail, sizeof detail, "copy, %d tokens", tokens);
        const bool done = multiply(isa, format, blocks, COPIED_ROWS, COLS, x, tokens, true, out) &&
                          multiply(isa, format, blocks, COPIED_ROWS, COLS, x, tokens, false, rows);
        report(done, format->name, detail, "no memory");
        const size_t bytes = (size_t)(tokens * COPIED_ROWS) * sizeof *out;
        report(memcmp(out, rows, bytes) == 0, format->name, detail, "differs from the rows");
    }
}

static void check_experts(sotto_isa isa, const sotto_format *format) {
    enum { EXPERTS = 5, OWN = ROWS / EXPERTS, TOKENS = 20 };
    static const int64_t starts[EXPERTS + 1] = {0, 2, 2, 15, 16, TOKENS};
    static float source[ROWS * MOST_COLS], weights[ROWS * MOST_COLS], x[TOKENS * MOST_COLS], out[TOKENS * OWN];
    static double all[TOKENS * ROWS], expected[TOKENS * OWN];
    static uint8_t blocks[2 * sizeof source];  // up to 64 bits per weight
    const int cols = columns(format);
    fill(source, (size_t)(ROWS * cols));
    fill(x, (size_t)(TOKENS * cols));
    fill_weights(isa, format, source, blocks, (size_t)(ROWS * cols));
    format->dequantize(blocks, weights, (size_t)(ROWS * cols));
    multiply_exactly(weights, ROWS, cols, x, TOKENS, all);
    int32_t sources[TOKENS];
    for (int e = 0; e < EXPERTS; e++)
        for (int64_t i = starts[e]; i < starts[e + 1]; i++) {
            sources[i] = (int32_t)(i * 7 % TOKENS);
            for (int r = 0; r < OWN; r++) expected[i * OWN + r] = all[sources[i] * ROWS + e * OWN + r];
        }
    const sotto_expert_rows rows = {.experts = EXPERTS, .starts = starts, .sources = sources};
    void *stack = exact_copy(blocks, matrix_bytes(format, ROWS, cols));
    const sotto_projection p = {
        .weights = {.format = format, .data = stack, .rows = OWN, .cols = cols}, .out = out, .out_stride = OWN};
    sotto_compute *compute = sotto_compute_create(2, isa);
    report(compute && sotto_project_experts(compute, x, cols, TOKENS, &rows, &p, 1), format->name, "experts",
           "no memory");
    sotto_compute_destroy(compute);
    free(stack);
    expect_close(format->name, "experts", out, expected, TOKENS * OWN, format->block_elements == 1 ? 1e-6 : 0.02);
}

/// The largest bytes times the largest activations, with scales of one: every sum is an integer that fits in a float,
/// so the result must be exact. Fails if a product loses a carry or misreads a sign bit.
static void check_extremes(sotto_isa isa) {
    enum { COLS = 576, TOKENS = 5, BLOCK_BYTES = 34 };
    static uint8_t blocks[ROWS * COLS / 32 * BLOCK_BYTES];
    static float weights[ROWS * COLS], x[TOKENS * COLS], out[TOKENS * ROWS];
    static double expected[TOKENS * ROWS];
    const sotto_format *format = sotto_format_find(Q8_0);
    for (size_t b = 0; b < ROWS * COLS / 32; b++) {
        uint8_t *block = blocks + b * BLOCK_BYTES;
        block[0] = 0x00, block[1] = 0x3c;  // one, in half precision
        for (int i = 0; i < 32; i++) block[2 + i] = number() < 0 ? 0x80 : number() < 0 ? 0x7f : 0xff;
    }
    for (int i = 0; i < TOKENS * COLS; i++) x[i] = number() < 0 ? -127 : 127;
    format->dequantize(blocks, weights, ROWS * COLS);
    for (int tokens = 1; tokens <= TOKENS; tokens += TOKENS - 1) {
        multiply(isa, format, blocks, ROWS, COLS, x, tokens, false, out);
        multiply_exactly(weights, ROWS, COLS, x, tokens, expected);
        expect_close(format->name, "largest bytes", out, expected, (size_t)(tokens * ROWS), 0);
    }
}

// MARK: Attention

/// A few queries (direct) and many (transposed blocks), sizes with partial vectors, a long history that is split; and
/// what some families add to the scores.
static const struct shape {
    int64_t heads, kv_heads, head_dim, value_dim, past, queries, window;
    float soft_cap;
    int64_t chunk;
    bool biases;  // the slopes and sinks below
} shapes[] = {
    {4, 2, 64, 64, 50, 1, 0, 0, 0, false},    {4, 2, 64, 64, 50, 7, 0, 0, 0, false},
    {3, 1, 72, 40, 300, 2, 0, 0, 0, false},   {4, 1, 64, 64, 20, 37, 0, 0, 0, false},
    {3, 1, 72, 40, 33, 19, 24, 0, 0, false},  {2, 2, 128, 128, 90, 3, 64, 30, 0, false},
    {3, 1, 72, 40, 300, 2, 0, 0, 0, true},    {4, 1, 64, 64, 20, 37, 0, 0, 0, true},
    {4, 2, 64, 64, 301, 3, 0, 20, 100, true}, {4, 1, 64, 64, 20, 37, 0, 0, 30, false},
};
static const float slopes[] = {0.5f, 0.25f, 0.125f, 0.0625f}, sinks[] = {-3, 4, 0.5f, 20};
enum { MOST_KEYS = 320, MOST_FLOATS = MOST_KEYS * 2 * 128 };

/// Memory for the keys or values of `count` tokens, exactly. To be freed.
static void *cache(sotto_kv_type type, int64_t kv_heads, int64_t size, int64_t count) {
    void *memory = malloc((size_t)(kv_heads * count) * sotto_kv_row_bytes(type, size));
    if (!memory) exit(2);
    return memory;
}

static bool attend(sotto_isa isa, const struct shape *s, sotto_kv_type type, const float *keys, const float *values,
                   const float *q, float *out) {
    const int64_t count = s->past + s->queries;
    sotto_compute *compute = sotto_compute_create(2, isa);
    if (!compute) return false;
    void *key_cache = cache(type, s->kv_heads, s->head_dim, count);
    void *value_cache = cache(type, s->kv_heads, s->value_dim, count);
    sotto_kv_store(compute, type, keys, count, s->kv_heads * s->head_dim, s->kv_heads, s->head_dim, key_cache, count,
                   0);
    sotto_kv_store(compute, type, values, count, s->kv_heads * s->value_dim, s->kv_heads, s->value_dim, value_cache,
                   count, 0);
    const sotto_attention a = {
        .q = q,
        .q_stride = s->heads * s->head_dim,
        .keys = key_cache,
        .values = value_cache,
        .kv_type = type,
        .out = out,
        .out_stride = s->heads * s->value_dim,
        .tokens = s->queries,
        .first = s->past,
        .heads = s->heads,
        .kv_heads = s->kv_heads,
        .head_dim = s->head_dim,
        .value_dim = s->value_dim,
        .capacity = count,
        .window = s->window,
        .scale = 0.125f,
        .soft_cap = s->soft_cap,
        .chunk = s->chunk,
        .slopes = s->biases ? slopes : NULL,
        .sinks = s->biases ? sinks : NULL,
    };
    const bool done = sotto_attend(compute, &a);
    sotto_compute_destroy(compute);
    free(key_cache), free(value_cache);
    return done;
}

/// One query of one head, in double precision.
static void attend_exactly(const struct shape *s, int64_t token, int64_t head, const float *keys, const float *values,
                           const float *q, double *out) {
    const int64_t kv = head / (s->heads / s->kv_heads), position = s->past + token;
    int64_t first = s->window > 0 && position >= s->window ? position - s->window + 1 : 0;
    if (s->chunk > 0) first = position / s->chunk * s->chunk;
    double all = s->biases ? exp(sinks[head]) : 0;
    for (int64_t i = 0; i < s->value_dim; i++) out[i] = 0;
    for (int64_t k = first; k <= position; k++) {
        double score = 0;
        for (int64_t i = 0; i < s->head_dim; i++)
            score +=
                (double)q[(token * s->heads + head) * s->head_dim + i] * keys[(k * s->kv_heads + kv) * s->head_dim + i];
        score *= 0.125;
        if (s->soft_cap > 0) score = s->soft_cap * tanh(score / s->soft_cap);
        if (s->biases) score += (double)slopes[head] * (double)(k - position);
        all += exp(score);
        for (int64_t i = 0; i < s->value_dim; i++)
            out[i] += exp(score) * values[(k * s->kv_heads + kv) * s->value_dim + i];
    }
    for (int64_t i = 0; i < s->value_dim; i++) out[i] /= all;
}

static void check_attention(sotto_isa isa, sotto_kv_type type, const char *name, const struct shape *s) {
    static float keys[MOST_FLOATS], values[MOST_FLOATS], q[MOST_FLOATS], out[MOST_FLOATS], portable[MOST_FLOATS];
    static double expected[MOST_FLOATS];
    const int64_t count = (s->past + s->queries) * s->kv_heads, results = s->queries * s->heads * s->value_dim;
    fill(keys, (size_t)(count * s->head_dim));
    fill(values, (size_t)(count * s->value_dim));
    fill(q, (size_t)(s->queries * s->heads * s->head_dim));
    char detail[64];
    snprintf(detail, sizeof detail, "%s, %d queries after %d", name, (int)s->queries, (int)s->past);
    report(attend(isa, s, type, keys, values, q, out), "attention", detail, "no memory");
    attend(SOTTO_ISA_PORTABLE, s, type, keys, values, q, portable);
    for (int64_t t = 0; t < s->queries; t++)
        for (int64_t h = 0; h < s->heads; h++)
            attend_exactly(s, t, h, keys, values, q, expected + (t * s->heads + h) * s->value_dim);
    const double tolerance = type == SOTTO_KV_F32 ? 3e-6 : type == SOTTO_KV_F16 ? 1e-3 : 0.02;
    expect_close("attention", detail, out, expected, (size_t)results, tolerance);
    expect_same(isa, "attention", detail, out, portable, (size_t)results * sizeof(float));
}

// MARK: Vectors

enum { SIZE = 613, ACTIVATIONS = SOTTO_SILU_OF_CLAMPED + 1, RESULTS = 9 + ACTIVATIONS };

static void run_vectors(sotto_isa isa, const float *x, float out[RESULTS][SIZE]) {
    sotto_compute *compute = sotto_compute_create(1, isa);
    sotto_rms_norm(compute, x, NULL, 1e-5f, 1, SIZE, out[0]);
    sotto_layer_norm(compute, x, NULL, NULL, 1e-5f, 1, SIZE, out[1]);
    for (int i = 2; i < RESULTS; i++) memcpy(out[i], x, SIZE * sizeof(float));
    sotto_soft_cap(compute, 30, out[2], SIZE);
    sotto_rope(compute, SOTTO_ROPE_HALVES, out[3], 1, SIZE, 1, SIZE, 64, x, x + 32);
    sotto_scale_rows(compute, x, out[4], 1, SIZE);
    sotto_add_scaled_rows(compute, x, x, out[5], 1, SIZE);
    sotto_multiply_rows(compute, x, out[6], 1, SIZE);
    sotto_cut_off(compute, 0.5f, out[7], 1, SIZE);
    sotto_combine(compute, x, SIZE / 3, (const int32_t[]){1, 0, 2}, x, 1, 3, SIZE / 3, out[8]);
    for (int f = 0; f < ACTIVATIONS; f++) {
        const sotto_activation activation = {(sotto_activation_kind)f, {0.9f, 0.8f, 0.5f, -1e-6f}};
        sotto_gated(compute, activation, x, x, out[9 + f], 1, SIZE, SIZE);
    }
    sotto_compute_destroy(compute);
}

static void check_vectors(sotto_isa isa) {
    static float x[SIZE], out[RESULTS][SIZE], portable[RESULTS][SIZE];
    fill(x, SIZE);
    run_vectors(isa, x, out);
    run_vectors(SOTTO_ISA_PORTABLE, x, portable);
    double squares = 0, expected[SIZE];
    for (int i = 0; i < SIZE; i++) squares += (double)x[i] * x[i];
    for (int i = 0; i < SIZE; i++) expected[i] = x[i] / sqrt(squares / SIZE + 1e-5);
    expect_close("vectors", "norm", out[0], expected, SIZE, 1e-6);
    expect_same(isa, "vectors", "", out, portable, sizeof out);
}

// MARK: Layers with a state of fixed size

enum { STATE_TOKENS = 9, LENGTH = 4, CHANNELS = 50, HEADS = 4, KEY_HEADS = 2, KEY_DIM = 13, VALUE_DIM = 20 };
enum { KEYS = STATE_TOKENS * KEY_HEADS * KEY_DIM, VALUES = STATE_TOKENS * HEADS * VALUE_DIM };

static float weights_of_channels[LENGTH * CHANNELS], decays[STATE_TOKENS * HEADS];

static void convolve(sotto_isa isa, const float *given, float *out) {
    const size_t bytes = STATE_TOKENS * CHANNELS * sizeof(float);
    float *x = exact_copy(given, bytes), *w = exact_copy(weights_of_channels, sizeof weights_of_channels);
    float *before = exact_copy(given, (LENGTH - 1) * CHANNELS * sizeof(float));
    sotto_compute *compute = sotto_compute_create(2, isa);
    sotto_convolve(compute, &(sotto_convolution){x, w, NULL, before, STATE_TOKENS, CHANNELS, LENGTH});
    sotto_compute_destroy(compute);
    memcpy(out, x, bytes);
    free(x), free(w), free(before);
}

static void attend_linearly(sotto_isa isa, bool is_delta, const float *keys, const float *values, float *out) {
    static float zeros[HEADS * KEY_DIM * 32];
    float *k = exact_copy(keys, KEYS * sizeof(float)), *v = exact_copy(values, VALUES * sizeof(float));
    float *d = exact_copy(decays, sizeof decays);
    float *s = exact_copy(zeros, sotto_linear_attention_state_floats(HEADS, KEY_DIM, VALUE_DIM) * sizeof(float));
    sotto_compute *compute = sotto_compute_create(2, isa);
    const sotto_linear_attention call = {
        .queries = k,
        .keys = k,
        .values = v,
        .decays = d,
        .rates = d,
        .skips = d,
        .state = s,
        .tokens = STATE_TOKENS,
        .heads = HEADS,
        .key_heads = KEY_HEADS,
        .key_dim = KEY_DIM,
        .value_dim = VALUE_DIM,
        .is_delta = is_delta,
    };
    sotto_attend_linearly(compute, &call);
    sotto_compute_destroy(compute);
    memcpy(out, v, VALUES * sizeof(float));
    free(k), free(v), free(d), free(s);
}

/// One element of the values of a head, in double precision.
static void attend_linearly_exactly(bool is_delta, const float *keys, const float *values, int head, int element,
                                    double *out) {
    double memory[KEY_DIM] = {0};
    for (int t = 0; t < STATE_TOKENS; t++) {
        const float *key = keys + (t * KEY_HEADS + head / (HEADS / KEY_HEADS)) * KEY_DIM;
        const int at = (t * HEADS + head) * VALUE_DIM + element;
        const double decay = decays[t * HEADS + head];
        double change = values[at], sum = (double)decays[head] * values[at];
        for (int i = 0; i < KEY_DIM; i++) memory[i] *= decay;
        for (int i = 0; is_delta && i < KEY_DIM; i++) change -= key[i] * memory[i];
        for (int i = 0; i < KEY_DIM; i++) {
            memory[i] += key[i] * decay * change;
            sum += key[i] * memory[i];
        }
        out[at] = sum;
    }
}

static void check_recurrence(sotto_isa isa) {
    static float x[STATE_TOKENS * CHANNELS], out[VALUES], portable[VALUES], keys[KEYS], values[VALUES];
    static double expected[VALUES];
    fill(x, STATE_TOKENS * CHANNELS);
    fill(weights_of_channels, LENGTH * CHANNELS);
    convolve(isa, x, out);
    convolve(SOTTO_ISA_PORTABLE, x, portable);
    for (int t = 0; t < STATE_TOKENS; t++)
        for (int c = 0; c < CHANNELS; c++) {
            double sum = 0;
            // What came before is the beginning once more.
            for (int k = 0; k < LENGTH; k++) {
                const int from = t + k - (LENGTH - 1);
                sum += (double)weights_of_channels[k * CHANNELS + c] * x[(from < 0 ? t + k : from) * CHANNELS + c];
            }
            expected[t * CHANNELS + c] = sum;
        }
    expect_close("states", "convolution", out, expected, STATE_TOKENS * CHANNELS, 1e-6);
    expect_same(isa, "states", "convolution", out, portable, STATE_TOKENS * CHANNELS * sizeof(float));
    fill(keys, KEYS);
    fill(values, VALUES);
    for (int i = 0; i < STATE_TOKENS * HEADS; i++) decays[i] = 0.5f + 0.4f * number();
    for (int i = 0; i < KEYS; i++) keys[i] *= 0.3f;
    for (int is_delta = 0; is_delta < 2; is_delta++) {
        attend_linearly(isa, is_delta, keys, values, out);
        attend_linearly(SOTTO_ISA_PORTABLE, is_delta, keys, values, portable);
        for (int h = 0; h < HEADS; h++)
            for (int e = 0; e < VALUE_DIM; e++) attend_linearly_exactly(is_delta, keys, values, h, e, expected);
        expect_close("states", "linear attention", out, expected, VALUES, 1e-6);
        expect_same(isa, "states", "linear attention", out, portable, VALUES * sizeof(float));
    }
}

int main(int count, char **arguments) {
    const sotto_isa best = sotto_isa_best();
    const char *wanted = count > 1 ? arguments[1] : sotto_isa_name(best);
    if (strcmp(sotto_isa_name(best), wanted) != 0) {
        printf("This processor uses the path %s instead of %s\n", sotto_isa_name(best), wanted);
        return 1;
    }
    for (int i = 0; i <= SOTTO_ISA_NEON; i++) {
        const sotto_isa isa = (sotto_isa)i;
        if (!sotto_isa_available(isa)) continue;
        path = sotto_isa_name(isa);
        for (size_t f = 0; f < sotto_format_count(); f++) {
            check_products(isa, sotto_format_at(f));
            check_copies(isa, sotto_format_at(f));
            check_experts(isa, sotto_format_at(f));
        }
        check_extremes(isa);
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            check_attention(isa, SOTTO_KV_F16, "F16", &shapes[s]);
            check_attention(isa, SOTTO_KV_F32, "F32", &shapes[s]);
            check_attention(isa, SOTTO_KV_Q8_0, "Q8_0", &shapes[s]);
        }
        check_vectors(isa);
        check_recurrence(isa);
    }
    return failures ? 1 : 0;
}
