// What all matrix products have in common: an input that is quantized once, and parts (a matrix and the tokens that it
// multiplies), whose rows are divided into units for the pool.
#ifndef SOTTO_PARTS_H
#define SOTTO_PARTS_H

#include "compute.h"

size_t matrix_row_bytes(const sotto_matrix *m);
/// Whether a part of this many tokens uses gemv.
bool uses_gemv(const sotto_path *path, const sotto_matrix *m, int64_t tokens);
/// The largest number of tokens for which all parts use gemv.
int64_t gemv_tokens_of_all(const sotto_path *path);

/// The input's chunks in the order and form that some gemv kernels use.
typedef struct prepared_form {
    void (*prepare)(const activation_chunk *x, void *out);
    size_t bytes;   // of a chunk
    uint8_t *data;  // [rows][chunks]
} prepared_form;

/// The input that the parts of a pass share.
typedef struct shared_input {
    const sotto_path *path;
    const float *x;  // [rows][x_stride]
    int64_t x_stride, rows, cols, chunks;
    bool quantized;
    activation_chunk *activations;  // [rows][chunks], if quantized
    int forms;
    prepared_form form[PRODUCT_COUNT];
} shared_input;

/// The input of products with these projections. `prepared`: parts with quantized weights may use gemv.
shared_input input_of(const sotto_path *path, const sotto_projection *projections, int count, const float *x,
                      int64_t x_stride, int64_t rows, bool prepared);
/// Scratch memory of the quantized and prepared input, a multiple of a cache line.
size_t input_bytes(const shared_input *input);
/// Quantizes and prepares the input, into `memory`.
void input_prepare(sotto_compute *compute, shared_input *input, void *memory);

/// One matrix and its tokens.
typedef struct part {
    product product;
    product_kernel *multiply;
    int64_t unit_rows, first_unit, units;
} part;

/// The tokens of a part: each one's input is row `sources` of the shared input, or row `first` + t without sources.
typedef struct part_tokens {
    int64_t first, count;
    const int32_t *sources;
} part_tokens;

/// `out` is the output of the first token.
part part_of(const shared_input *input, const sotto_matrix *weights, const float *bias, float *out, int64_t out_stride,
             part_tokens tokens);
/// Computes all parts, in one run of the pool.
void parts_multiply(sotto_compute *compute, part *parts, int64_t count);

#endif
