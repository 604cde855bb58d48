// Matrix products: quantizes what they share once, cuts the rows of all of them into units, and shares the units out.
#include "compute.h"

/// Up to so many tokens, rows of float weights are used straight from the mapped file; beyond, unpacking panels pays.
/// (For quantized weights the path says how many.)
enum { FEW_TOKENS_FLOAT = 12 };
/// Tokens of one pass: what their activations take in memory stays bounded, and near the processor.
enum { PASS_TOKENS = 512 };
/// Weight bytes of a unit in the few-token case: large against the cost of handing it out, small against a product.
enum { UNIT_BYTES = 16384 };
/// Activations up to this count are quantized by the caller alone; waking others would take longer.
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

/// All products of a pass, their units numbered through.
typedef struct pass {
    const sotto_path *path;
    const float *x;
    int64_t x_stride, tokens, chunks;
    const activation_chunk *activations;
    const sotto_projection *projections;
    int64_t first_token;
    int count;
} pass;

static bool is_few(const pass *p, const sotto_matrix *m) {
    return p->tokens <= (m->format->kernels->quantized ? p->path->few_tokens : FEW_TOKENS_FLOAT);
}

static size_t row_bytes(const sotto_matrix *m) {
    return (size_t)(m->cols / m->format->block_elements) * m->format->block_bytes;
}

static int64_t unit_rows(const pass *p, const sotto_matrix *m) {
    if (!is_few(p, m)) return p->path->panel_rows;
    // Multiples of 16, so that two threads do not write to one cache line of the output.
    return round_up((int64_t)(UNIT_BYTES / (row_bytes(m) + 1)) + 1, LANES);
}

static int64_t units(const pass *p, const sotto_matrix *m) {
    return round_up(m->rows, unit_rows(p, m)) / unit_rows(p, m);
}

static void multiply_units(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const pass *p = context;
    for (int i = 0; i < p->count && end > 0; i++) {
        const sotto_projection *projection = &p->projections[i];
        const sotto_matrix *m = &projection->weights;
        const int64_t here = units(p, m), rows = unit_rows(p, m);
        if (first < here) {
            const product product = {
                .weights = m->data,
                .row_bytes = row_bytes(m),
                .rows = m->rows,
                .cols = m->cols,
                .tokens = p->tokens,
                .x = p->x,
                .x_stride = p->x_stride,
                .activations = p->activations,
                .chunks = p->chunks,
                .bias = projection->bias,
                .out = projection->out + p->first_token * projection->out_stride,
                .out_stride = projection->out_stride,
            };
            const product_kernels *kernels = &p->path->products[m->format->kernels->index];
            const int64_t end_row = end * rows < m->rows ? end * rows : m->rows;
            (is_few(p, m) ? kernels->few : kernels->many)(&product, first * rows, end_row);
        }
        first = first > here ? first - here : 0;
        end -= here;
    }
}

int64_t sotto_alike_tokens(const sotto_compute *compute, int64_t group) {
    const int64_t most = compute->path->few_tokens < FEW_TOKENS_FLOAT ? compute->path->few_tokens : FEW_TOKENS_FLOAT;
    // One query alone and those of the whole pass must attend in the same way: see DIRECT_ROWS.
    const int64_t queries = group > DIRECT_ROWS ? most : DIRECT_ROWS / group;
    return queries < most ? queries : most;
}

bool sotto_project(sotto_compute *compute, const float *x, int64_t x_stride, int64_t tokens,
                   const sotto_projection *projections, int count) {
    if (count <= 0 || tokens <= 0) return true;
    const int64_t cols = projections[0].weights.cols, chunks = round_up(cols, CHUNK) / CHUNK;
    bool quantized = false;
    for (int i = 0; i < count; i++) quantized |= projections[i].weights.format->kernels->quantized;

    for (int64_t first = 0; first < tokens; first += PASS_TOKENS) {
        pass p = {.path = compute->path,
                  .x = x + first * x_stride,
                  .x_stride = x_stride,
                  .tokens = tokens - first < PASS_TOKENS ? tokens - first : PASS_TOKENS,
                  .chunks = chunks,
                  .projections = projections,
                  .first_token = first,
                  .count = count};
        if (quantized) {
            activation_chunk *activations =
                compute_scratch(compute, (size_t)(p.tokens * chunks) * sizeof(activation_chunk));
            if (!activations) return false;
            quantization q = {compute->path, p.x, x_stride, cols, chunks, activations};
            const int64_t grain = p.tokens * cols <= ALONE_ACTIVATIONS ? p.tokens : 4;
            pool_run(compute->pool, p.tokens, grain, quantize_tokens, &q);
            p.activations = activations;
        }
        int64_t all = 0;
        for (int i = 0; i < count; i++) all += units(&p, &projections[i].weights);
        pool_run(compute->pool, all, 1, multiply_units, &p);
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
