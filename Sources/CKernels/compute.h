// What a compute context holds.
#ifndef SOTTO_COMPUTE_H
#define SOTTO_COMPUTE_H

#include "path.h"
#include "pool.h"

struct sotto_compute {
    const sotto_path *path;
    sotto_pool *pool;
    int threads;
    void *scratch;
    size_t scratch_bytes;
};

/// At least `bytes` of memory on a cache line's boundary, its contents undefined, valid until the next call; NULL when
/// it cannot be had.
void *compute_scratch(sotto_compute *compute, size_t bytes);

#endif
