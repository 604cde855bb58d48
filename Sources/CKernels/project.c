// Matrix products whose matrices all multiply the same tokens, and rows of matrices.
#include "parts.h"

int64_t sotto_batch_invariant_tokens(const sotto_compute *compute, int64_t group) {
    const int64_t most = gemv_tokens_of_all(compute->path);
    // A single query and those of the whole pass must use the same attention kernel: see DIRECT_ROWS.
    const int64_t queries = group > DIRECT_ROWS ? most : DIRECT_ROWS / group;
    return queries < most ? queries : most;
}

bool sotto_project(sotto_compute *compute, const float *x, int64_t x_stride, int64_t tokens,
                   const sotto_projection *projections, int count) {
    if (count <= 0) return true;
    for (int64_t first = 0; first < tokens; first += PART_TOKENS) {
        const int64_t some = tokens - first < PART_TOKENS ? tokens - first : PART_TOKENS;
        shared_input input = input_of(compute->path, projections, count, x + first * x_stride, x_stride, some,
                                      some <= compute->path->gemv_tokens);
        const size_t bytes = input_bytes(&input);
        uint8_t *memory = compute_scratch(compute, bytes + (size_t)count * sizeof(part));
        if (!memory) return false;
        input_prepare(compute, &input, memory);
        part *parts = (part *)(memory + bytes);
        for (int i = 0; i < count; i++) {
            const sotto_projection *p = &projections[i];
            parts[i] = part_of(&input, &p->weights, p->bias, p->out + first * p->out_stride, p->out_stride,
                               (part_tokens){.count = some});
        }
        parts_multiply(compute, parts, count);
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
        m->format->dequantize((const uint8_t *)m->data + (size_t)g->ids[i] * matrix_row_bytes(m), g->out + i * m->cols,
                              (size_t)m->cols);
}

void sotto_gather_rows(sotto_compute *compute, const sotto_matrix *matrix, const int32_t *ids, int64_t count,
                       float *out) {
    gathering g = {matrix, ids, out};
    pool_run(compute->pool, count, 16, gather_rows, &g);
}
