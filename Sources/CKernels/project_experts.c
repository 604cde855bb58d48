// Matrix products of a mixture of experts: each expert multiplies the tokens that chose it. All experts' units go to
// the pool together, because the matrices of one expert are too small to keep several threads busy.
#include "parts.h"

/// Rows of one pass, if each row of the input is used once. Bounds the memory of their activations and keeps it in the
/// caches.
enum { PASS_ROWS = 1024 };

/// Rows that one expert multiplies together.
typedef struct expert_run {
    int64_t expert, first, count;
} expert_run;

/// The run that begins at row `first` of `expert` or of a later one; it has no rows if none is left.
static expert_run run_from(const sotto_expert_rows *rows, int64_t expert, int64_t first) {
    while (expert < rows->experts && rows->starts[expert + 1] <= first) expert++;
    if (expert == rows->experts) return (expert_run){expert, first, 0};
    const int64_t left = rows->starts[expert + 1] - first;
    return (expert_run){expert, first, left < PART_TOKENS ? left : PART_TOKENS};
}
static expert_run run_after(const sotto_expert_rows *rows, expert_run run) {
    return run_from(rows, run.expert, run.first + run.count);
}

/// Adjacent runs that are computed together.
typedef struct expert_pass {
    expert_run first;
    int64_t runs, rows, fewest;  // fewest: rows of the shortest run
} expert_pass;

static expert_pass pass_from(const sotto_expert_rows *rows, expert_run first) {
    expert_pass pass = {.first = first, .fewest = first.count};
    for (expert_run run = first; run.count > 0; run = run_after(rows, run)) {
        if (!rows->sources && pass.runs > 0 && pass.rows + run.count > PASS_ROWS) break;
        if (run.count < pass.fewest) pass.fewest = run.count;
        pass.rows += run.count;
        pass.runs++;
    }
    return pass;
}

static part part_of_expert(const shared_input *input, const sotto_projection *projection, const int32_t *sources,
                           int64_t first_input, expert_run run) {
    sotto_matrix weights = projection->weights;
    const size_t matrix_bytes = (size_t)weights.rows * matrix_row_bytes(&weights);
    weights.data = projection->experts ? projection->experts[run.expert]
                                       : (const uint8_t *)weights.data + (size_t)run.expert * matrix_bytes;
    const float *bias = projection->bias ? projection->bias + run.expert * weights.rows : NULL;
    const part_tokens tokens = {.first = sources ? 0 : run.first - first_input,
                                .count = run.count,
                                .sources = sources ? sources + run.first : NULL};
    return part_of(input, &weights, bias, projection->out + run.first * projection->out_stride, projection->out_stride,
                   tokens);
}

bool sotto_project_experts(sotto_compute *compute, const float *x, int64_t x_stride, int64_t x_rows,
                           const sotto_expert_rows *rows, const sotto_projection *projections, int count) {
    if (count <= 0) return true;
    for (expert_run first = run_from(rows, 0, 0); first.count > 0;) {
        const expert_pass pass = pass_from(rows, first);
        const int64_t first_input = rows->sources ? 0 : first.first;
        shared_input input = input_of(compute->path, projections, count, x + first_input * x_stride, x_stride,
                                      rows->sources ? x_rows : pass.rows, pass.fewest <= compute->path->gemv_tokens);
        const size_t bytes = input_bytes(&input);
        uint8_t *memory = compute_scratch(compute, bytes + (size_t)(pass.runs * count) * sizeof(part));
        if (!memory) return false;
        input_prepare(compute, &input, memory);
        part *parts = (part *)(memory + bytes);
        expert_run run = first;
        for (int64_t i = 0; i < pass.runs; i++, run = run_after(rows, run))
            for (int n = 0; n < count; n++)
                parts[i * count + n] = part_of_expert(&input, &projections[n], rows->sources, first_input, run);
        parts_multiply(compute, parts, pass.runs * count);
        first = run;
    }
    return true;
}

size_t sotto_project_experts_scratch_bytes(sotto_isa isa, const sotto_projection *projections, int count,
                                           int64_t x_rows, int64_t rows, int64_t experts, bool has_sources) {
    const sotto_path *path = sotto_path_find(isa);
    if (!path || count <= 0) return 0;
    const int64_t together = has_sources || x_rows < PASS_ROWS ? x_rows : PASS_ROWS;
    const shared_input input = input_of(path, projections, count, NULL, 0, together, true);
    const int64_t runs = (rows < experts ? rows : experts) + rows / PART_TOKENS;
    return input_bytes(&input) + (size_t)(runs * count) * sizeof(part);
}
