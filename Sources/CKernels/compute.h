// The compute context.
#ifndef SOTTO_COMPUTE_H
#define SOTTO_COMPUTE_H

#include "path.h"
#include "pool.h"

struct sotto_compute {
    const sotto_path *path;
    sotto_pool *pool;
    int threads;
    sotto_prefetch prefetch;
    void *scratch;
    size_t scratch_bytes;
};

/// At least `bytes` of uninitialised memory, aligned to a cache line and valid until the next call; NULL if it cannot
/// be allocated.
void *compute_scratch(sotto_compute *compute, size_t bytes);

#endif
