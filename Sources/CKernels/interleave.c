// Interleaved copies of matrices.
#include "compute.h"

static const sotto_format forms[PRODUCT_COUNT - FORMAT_COUNT] = {
#define ROW(suffix)                                                                                                    \
    [INTERLEAVED_##suffix - FORMAT_COUNT] = {.block_elements = CHUNK,                                                  \
                                             .block_bytes = sizeof(struct stripe_##suffix) / LANES,                    \
                                             .kernels = &(const sotto_format_kernels){INTERLEAVED_##suffix, true}},
    SOTTO_INTERLEAVED_FORMATS(ROW)
#undef ROW
};

/// The index in tables of products of a format's interleaved form, or 0.
static const int form_of[FORMAT_COUNT] = {
#define ROW(suffix) [FORMAT_##suffix] = INTERLEAVED_##suffix,
    SOTTO_INTERLEAVED_FORMATS(ROW)
#undef ROW
};

static const sotto_format *interleaved_format(const sotto_path *path, const sotto_matrix *matrix) {
    const int index = matrix->format->kernels->index, form = index < FORMAT_COUNT ? form_of[index] : 0;
    if (form == 0 || !path || !path->products[form].gemv) return NULL;
    return matrix->rows % LANES == 0 && matrix->cols % CHUNK == 0 ? &forms[form - FORMAT_COUNT] : NULL;
}

const sotto_format *sotto_interleaved_format(sotto_isa isa, const sotto_matrix *matrix) {
    return interleaved_format(sotto_path_find(isa), matrix);
}

typedef struct interleaving {
    const product_kernels *kernels;
    const uint8_t *from;
    size_t row_bytes;
    int64_t chunks;
    uint8_t *to;
    size_t stripes_bytes;  // of 16 rows
} interleaving;

static void interleave_rows(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const interleaving *i = context;
    for (int64_t n = first; n < end; n++)
        i->kernels->interleave(i->from + (size_t)n * LANES * i->row_bytes, i->row_bytes, i->chunks,
                               i->to + (size_t)n * i->stripes_bytes);
}

void sotto_interleave(sotto_compute *compute, const sotto_matrix *matrix, void *data) {
    const sotto_format *form = interleaved_format(compute->path, matrix);
    if (!form) return;
    const int64_t chunks = matrix->cols / CHUNK;
    interleaving i = {.kernels = &compute->path->products[form->kernels->index],
                      .from = matrix->data,
                      .row_bytes =
                          (size_t)(matrix->cols / matrix->format->block_elements) * matrix->format->block_bytes,
                      .chunks = chunks,
                      .to = data,
                      .stripes_bytes = (size_t)chunks * LANES * form->block_bytes};
    pool_run(compute->pool, matrix->rows / LANES, 1, interleave_rows, &i);
}
