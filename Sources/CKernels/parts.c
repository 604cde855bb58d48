#include "parts.h"

/// The number of tokens up to which gemv is faster for float weights. (Paths define it for quantized weights.)
enum { GEMV_TOKENS_FLOAT = 12 };
/// Weight bytes of a gemv unit: large enough to make scheduling cheap, small compared with a matrix.
enum { UNIT_BYTES = 16384 };
/// Up to this many activations are quantized by the caller alone; waking other threads would take longer.
enum { ALONE_ACTIVATIONS = 16384 };

size_t matrix_row_bytes(const sotto_matrix *m) {
    return (size_t)(m->cols / m->format->block_elements) * m->format->block_bytes;
}

static const product_kernels *kernels_of(const sotto_path *path, const sotto_matrix *m) {
    return &path->products[m->format->kernels->index];
}

bool uses_gemv(const sotto_path *path, const sotto_matrix *m, int64_t tokens) {
    return tokens <= (m->format->kernels->quantized ? path->gemv_tokens : GEMV_TOKENS_FLOAT);
}

int64_t gemv_tokens_of_all(const sotto_path *path) {
    return path->gemv_tokens < GEMV_TOKENS_FLOAT ? path->gemv_tokens : GEMV_TOKENS_FLOAT;
}

// MARK: Input

/// Everything in scratch memory starts at a cache line.
static size_t whole_lines(size_t bytes) { return (bytes + 63) / 64 * 64; }

static size_t activation_bytes(const shared_input *input) {
    return input->quantized ? whole_lines((size_t)(input->rows * input->chunks) * sizeof(activation_chunk)) : 0;
}
static size_t form_bytes(const shared_input *input, const prepared_form *form) {
    return whole_lines((size_t)(input->rows * input->chunks) * form->bytes);
}

static prepared_form *form_at(shared_input *input, const product_kernels *kernels) {
    for (int i = 0; i < input->forms; i++)
        if (input->form[i].prepare == kernels->prepare) return &input->form[i];
    return NULL;
}

shared_input input_of(const sotto_path *path, const sotto_projection *projections, int count, const float *x,
                      int64_t x_stride, int64_t rows, bool prepared) {
    const int64_t cols = projections[0].weights.cols;
    shared_input input = {.path = path,
                          .x = x,
                          .x_stride = x_stride,
                          .rows = rows,
                          .cols = cols,
                          .chunks = round_up(cols, CHUNK) / CHUNK};
    for (int i = 0; i < count; i++) {
        const product_kernels *kernels = kernels_of(path, &projections[i].weights);
        input.quantized |= projections[i].weights.format->kernels->quantized;
        if (prepared && kernels->prepare && !form_at(&input, kernels))
            input.form[input.forms++] = (prepared_form){kernels->prepare, kernels->prepared_bytes, NULL};
    }
    return input;
}

size_t input_bytes(const shared_input *input) {
    size_t bytes = activation_bytes(input);
    for (int i = 0; i < input->forms; i++) bytes += form_bytes(input, &input->form[i]);
    return bytes;
}

static void prepare_rows(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const shared_input *input = context;
    for (int64_t r = first; r < end; r++) {
        activation_chunk *row = input->activations + r * input->chunks;
        input->path->quantize(input->x + r * input->x_stride, input->cols, row);
        for (const prepared_form *form = input->form; form < input->form + input->forms; form++) {
            uint8_t *out = form->data + (size_t)(r * input->chunks) * form->bytes;
            for (int64_t c = 0; c < input->chunks; c++) form->prepare(&row[c], out + (size_t)c * form->bytes);
        }
    }
}

void input_prepare(sotto_compute *compute, shared_input *input, void *memory) {
    if (!input->quantized) return;
    input->activations = memory;
    uint8_t *next = (uint8_t *)memory + activation_bytes(input);
    for (int i = 0; i < input->forms; i++) {
        input->form[i].data = next;
        next += form_bytes(input, &input->form[i]);
    }
    const int64_t grain = input->rows * input->cols <= ALONE_ACTIVATIONS ? input->rows : 4;
    pool_run(compute->pool, input->rows, grain, prepare_rows, input);
}

// MARK: Parts

part part_of(const shared_input *input, const sotto_matrix *weights, const float *bias, float *out, int64_t out_stride,
             part_tokens tokens) {
    const product_kernels *kernels = kernels_of(input->path, weights);
    const bool use_gemv = uses_gemv(input->path, weights, tokens.count);
    const size_t row_bytes = matrix_row_bytes(weights);
    part part = {.product = {.weights = weights->data,
                             .row_bytes = row_bytes,
                             .rows = weights->rows,
                             .cols = input->cols,
                             .tokens = tokens.count,
                             .x = input->x + tokens.first * input->x_stride,
                             .x_stride = input->x_stride,
                             .chunks = input->chunks,
                             .sources = tokens.sources,
                             .bias = bias,
                             .out = out,
                             .out_stride = out_stride},
                 .multiply = use_gemv ? kernels->gemv : kernels->gemm};
    const size_t chunks_before = (size_t)(tokens.first * input->chunks);
    if (input->quantized) part.product.activations = input->activations + chunks_before;
    for (const prepared_form *form = input->form; form < input->form + input->forms; form++)
        if (form->prepare == kernels->prepare) part.product.prepared = form->data + chunks_before * form->bytes;
    // Multiples of 16, so that no two threads write to the same cache line of the output.
    part.unit_rows = use_gemv ? round_up((int64_t)(UNIT_BYTES / (row_bytes + 1)) + 1, LANES) : input->path->panel_rows;
    part.units = round_up(weights->rows, part.unit_rows) / part.unit_rows;
    return part;
}

typedef struct part_list {
    const part *parts;
    int64_t count;
} part_list;

/// The part that a unit belongs to.
static const part *part_at(const part_list *list, int64_t unit) {
    int64_t low = 0, high = list->count;
    while (high - low > 1) {
        const int64_t middle = (low + high) / 2;
        if (list->parts[middle].first_unit <= unit)
            low = middle;
        else
            high = middle;
    }
    return &list->parts[low];
}

static void multiply_units(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    for (const part *p = part_at(context, first); first < end; p++) {
        const int64_t next = p->first_unit + p->units, last = next < end ? next : end;
        const int64_t end_row = (last - p->first_unit) * p->unit_rows;
        p->multiply(&p->product, (first - p->first_unit) * p->unit_rows,
                    end_row < p->product.rows ? end_row : p->product.rows);
        first = last;
    }
}

/// What a part prefetches: the next part's weights follow its own.
static weight_prefetch prefetch_of(sotto_prefetch setting, const part *p, const part *next) {
    const uintptr_t end = (uintptr_t)p->product.weights + (size_t)p->product.rows * p->product.row_bytes;
    return (weight_prefetch){.target = setting.target,
                             .distance = setting.distance,
                             .end = end,
                             .jump = next ? (intptr_t)((uintptr_t)next->product.weights - end) : 0};
}

void parts_multiply(sotto_compute *compute, part *parts, int64_t count) {
    int64_t units = 0;
    for (int64_t i = 0; i < count; i++) {
        parts[i].first_unit = units;
        units += parts[i].units;
        parts[i].product.prefetch = prefetch_of(compute->prefetch, &parts[i], i + 1 < count ? &parts[i + 1] : NULL);
    }
    part_list list = {parts, count};
    pool_run(compute->pool, units, 1, multiply_units, &list);
}
