// Measures the hardware limits that speeds are compared with: memory read bandwidth and 8-bit multiply-add throughput
// of all threads together.
#include "compute.h"

#include <time.h>

enum { PIECE_BYTES = 1 << 20 };
enum { DOT_STEPS = 1 << 12, DOT_PIECES = 128 };
/// The minimum duration and number of repetitions of a measurement.
#define MEASURING_SECONDS 0.2
enum { REPETITIONS = 3 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// The duration of the fastest of several runs.
static double shortest(sotto_compute *compute, int64_t pieces, pool_body *body, void *context) {
    double best = INFINITY, all = 0;
    for (int i = 0; i < REPETITIONS || all < MEASURING_SECONDS; i++) {
        const double start = seconds();
        pool_run(compute->pool, pieces, 1, body, context);
        const double taken = seconds() - start;
        best = fmin(best, taken);
        all += taken;
    }
    return best;
}

typedef struct reading {
    const sotto_path *path;
    const uint8_t *memory;
    uint32_t *sums;  // of each piece; unused, but they keep the compiler from removing the reads
} reading;

static void read_pieces(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    reading *r = context;
    for (int64_t i = first; i < end; i++) r->sums[i] = r->path->measure_read(r->memory + i * PIECE_BYTES, PIECE_BYTES);
}

double sotto_measure_read_bandwidth(sotto_compute *compute, const void *memory, size_t bytes) {
    const int64_t pieces = (int64_t)(bytes / PIECE_BYTES);
    uint32_t *sums = compute_scratch(compute, (size_t)pieces * sizeof *sums);
    if (pieces == 0 || !sums) return 0;
    reading r = {compute->path, memory, sums};
    return (double)pieces * PIECE_BYTES / shortest(compute, pieces, read_pieces, &r);
}

typedef struct multiplying {
    const sotto_path *path;
    int32_t sums[DOT_PIECES];
} multiplying;

static void multiply_pieces(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    multiplying *m = context;
    for (int64_t i = first; i < end; i++) m->sums[i] = m->path->measure_dot((uint8_t)(i | 3), DOT_STEPS);
}

double sotto_measure_int8_peak(sotto_compute *compute) {
    multiplying m = {.path = compute->path};
    return (double)DOT_PIECES * DOT_STEPS * MEASURE_DOT_PRODUCTS / shortest(compute, DOT_PIECES, multiply_pieces, &m);
}
