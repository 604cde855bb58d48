// Matrix products: quantizes the shared input once, divides the rows of all matrices into units, and distributes the
// units to the pool.
#include "compute.h"

/// The number of tokens up to which gemv is faster for float weights. (Paths define it for quantized weights.)
enum { GEMV_TOKENS_FLOAT = 12 };
/// Tokens of one pass. Bounds the memory of their activations and keeps it in the caches.
enum { PASS_TOKENS = 512 };
/// Weight bytes of a gemv unit: large enough to make scheduling cheap, small compared with a matrix.
enum { UNIT_BYTES = 16384 };
/// Up to this many activations are quantized by the caller alone; waking other threads would take longer.
enum { ALONE_ACTIVATIONS = 16384 };

typedef struct quantization {
    const sotto_path *path;
    const float *x;
    int64_t x_stride, cols, chunks;
    activation_chunk *out;
} quantization;

static void quantize_tokens(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const quantization *q = context;
    for (int64_t t = first; t < end; t++) q->path->quantize(q->x + t * q->x_stride, q->cols, q->out + t * q->chunks);
}

static size_t row_bytes(const sotto_matrix *m) {
    return (size_t)(m->cols / m->format->block_elements) * m->format->block_bytes;
}

/// One matrix of a pass. Its units are numbered after those of the matrices before it.
typedef struct part {
    product product;
    product_kernel *multiply;
    int64_t unit_rows, units;
} part;

/// Matrices that are multiplied together: query, key and value share an input, and so do gate and up.
enum { MOST_PARTS = 3 };
typedef struct pass {
    int count;
    part parts[MOST_PARTS];
} pass;

static const product_kernels *kernels_of(const sotto_path *path, const sotto_matrix *m) {
    return &path->products[m->format->kernels->index];
}

static bool uses_gemv(const sotto_path *path, const sotto_matrix *m, int64_t tokens) {
    return tokens <= (m->format->kernels->quantized ? path->gemv_tokens : GEMV_TOKENS_FLOAT);
}

static part part_of(const sotto_path *path, const sotto_projection *projection, const product *shared, int64_t first) {
    const sotto_matrix *m = &projection->weights;
    const product_kernels *kernels = kernels_of(path, m);
    const bool use_gemv = uses_gemv(path, m, shared->tokens);
    part part = {.product = *shared, .multiply = use_gemv ? kernels->gemv : kernels->gemm};
    part.product.weights = m->data;
    part.product.row_bytes = row_bytes(m);
    part.product.rows = m->rows;
    part.product.bias = projection->bias;
    part.product.out = projection->out + first * projection->out_stride;
    part.product.out_stride = projection->out_stride;
    // Multiples of 16, so that no two threads write to the same cache line of the output.
    part.unit_rows = use_gemv ? round_up((int64_t)(UNIT_BYTES / (row_bytes(m) + 1)) + 1, LANES) : path->panel_rows;
    part.units = round_up(m->rows, part.unit_rows) / part.unit_rows;
    return part;
}

static void multiply_units(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const pass *pass = context;
    for (const part *p = pass->parts; p < pass->parts + pass->count && end > 0; p++) {
        if (first < p->units) {
            const int64_t end_row = end * p->unit_rows;
            p->multiply(&p->product, first * p->unit_rows, end_row < p->product.rows ? end_row : p->product.rows);
        }
        first = first > p->units ? first - p->units : 0;
        end -= p->units;
    }
}

int64_t sotto_batch_invariant_tokens(const sotto_compute *compute, int64_t group) {
    const int64_t most =
        compute->path->gemv_tokens < GEMV_TOKENS_FLOAT ? compute->path->gemv_tokens : GEMV_TOKENS_FLOAT;
    // A single query and those of the whole pass must use the same attention kernel: see DIRECT_ROWS.
    const int64_t queries = group > DIRECT_ROWS ? most : DIRECT_ROWS / group;
    return queries < most ? queries : most;
}

/// Each form of the prepared input starts at a cache line.
enum { PREPARED_ALIGNMENT = 64 };

/// Bytes of the prepared input of some chunks, of all forms together.
static size_t prepared_bytes(const sotto_path *path, const sotto_projection *projections, int count, int64_t chunks) {
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += (size_t)chunks * kernels_of(path, &projections[i].weights)->prepared_bytes + PREPARED_ALIGNMENT;
    return bytes;
}

/// Prepares the input for the parts that use gemv, once for those that need the same form, from `buffer` on.
static void prepare_input(const sotto_path *path, const sotto_projection *projections, pass *pass, uint8_t *buffer) {
    for (int i = 0; i < pass->count; i++) {
        const sotto_matrix *m = &projections[i].weights;
        product *p = &pass->parts[i].product;
        const product_kernels *kernels = kernels_of(path, m);
        if (!kernels->prepare || !uses_gemv(path, m, p->tokens)) continue;
        for (int j = 0; j < i && !p->prepared; j++)
            if (kernels_of(path, &projections[j].weights)->prepare == kernels->prepare)
                p->prepared = pass->parts[j].product.prepared;
        if (p->prepared) continue;
        buffer += -(uintptr_t)buffer % PREPARED_ALIGNMENT;
        p->prepared = buffer;
        for (int64_t c = 0; c < p->tokens * p->chunks; c++, buffer += kernels->prepared_bytes)
            kernels->prepare(&p->activations[c], buffer);
    }
}

bool sotto_project(sotto_compute *compute, const float *x, int64_t x_stride, int64_t tokens,
                   const sotto_projection *projections, int count) {
    if (count <= 0 || tokens <= 0) return true;
    const sotto_path *path = compute->path;
    const int64_t cols = projections[0].weights.cols, chunks = round_up(cols, CHUNK) / CHUNK;
    bool quantized = false;
    for (int i = 0; i < count; i++) quantized |= projections[i].weights.format->kernels->quantized;

    for (int64_t first = 0; first < tokens; first += PASS_TOKENS) {
        product shared = {.cols = cols,
                          .tokens = tokens - first < PASS_TOKENS ? tokens - first : PASS_TOKENS,
                          .x = x + first * x_stride,
                          .x_stride = x_stride,
                          .chunks = chunks,
                          .prefetch = compute->prefetch};
        uint8_t *prepared = NULL;
        if (quantized) {
            const size_t bytes = (size_t)(shared.tokens * chunks) * sizeof(activation_chunk);
            const size_t more = shared.tokens <= path->gemv_tokens
                                    ? prepared_bytes(path, projections, count, shared.tokens * chunks)
                                    : 0;
            activation_chunk *activations = compute_scratch(compute, bytes + more);
            if (!activations) return false;
            prepared = (uint8_t *)activations + bytes;
            quantization q = {path, shared.x, x_stride, cols, chunks, activations};
            const int64_t grain = shared.tokens * cols <= ALONE_ACTIVATIONS ? shared.tokens : 4;
            pool_run(compute->pool, shared.tokens, grain, quantize_tokens, &q);
            shared.activations = activations;
        }
        for (int done = 0; done < count; done += MOST_PARTS) {
            pass pass = {.count = count - done < MOST_PARTS ? count - done : MOST_PARTS};
            int64_t units = 0;
            for (int i = 0; i < pass.count; i++) {
                pass.parts[i] = part_of(path, &projections[done + i], &shared, first);
                units += pass.parts[i].units;
            }
            prepare_input(path, projections + done, &pass, prepared);
            pool_run(compute->pool, units, 1, multiply_units, &pass);
        }
    }
    return true;
}

typedef struct gathering {
    const sotto_matrix *matrix;
    const int32_t *ids;
    float *out;
} gathering;

static void gather_rows(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const gathering *g = context;
    const sotto_matrix *m = g->matrix;
    for (int64_t i = first; i < end; i++)
        m->format->dequantize((const uint8_t *)m->data + (size_t)g->ids[i] * row_bytes(m), g->out + i * m->cols,
                              (size_t)m->cols);
}

void sotto_gather_rows(sotto_compute *compute, const sotto_matrix *matrix, const int32_t *ids, int64_t count,
                       float *out) {
    gathering g = {matrix, ids, out};
    pool_run(compute->pool, count, 16, gather_rows, &g);
}
