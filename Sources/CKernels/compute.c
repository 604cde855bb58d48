// Creates and destroys compute contexts.
#include "compute.h"

#include <stdlib.h>

sotto_compute *sotto_compute_create(int threads, sotto_isa isa) {
    const sotto_path *path = sotto_path_find(isa);
    if (!path || threads < 1 || threads > 256) return NULL;
    sotto_compute *compute = calloc(1, sizeof *compute);
    if (!compute) return NULL;
    *compute = (sotto_compute){.path = path,
                               .pool = pool_create(threads),
                               .threads = threads,
                               .prefetch = {.target = SOTTO_PREFETCH_L2, .distance = 8192}};
    if (!compute->pool) {
        free(compute);
        return NULL;
    }
    return compute;
}

void sotto_compute_destroy(sotto_compute *compute) {
    if (!compute) return;
    pool_destroy(compute->pool);
    free(compute->scratch);
    free(compute);
}

void sotto_compute_set_prefetch(sotto_compute *compute, sotto_prefetch prefetch) { compute->prefetch = prefetch; }

size_t sotto_compute_scratch_bytes(const sotto_compute *compute) { return compute->scratch_bytes; }

void *compute_scratch(sotto_compute *compute, size_t bytes) {
    if (bytes <= compute->scratch_bytes) return compute->scratch;
    free(compute->scratch);
    const size_t size = (bytes + 4095) / 4096 * 4096;
    compute->scratch = aligned_alloc(64, size);
    compute->scratch_bytes = compute->scratch ? size : 0;
    return compute->scratch;
}
