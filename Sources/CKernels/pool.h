// A fixed pool of threads that run one job at a time, each working on some of its items.
#ifndef SOTTO_POOL_H
#define SOTTO_POOL_H

#include <stdint.h>

typedef struct sotto_pool sotto_pool;

/// Processes items first…end-1. `thread` (0 for the caller) selects the scratch memory to use.
typedef void pool_body(void *context, int64_t first, int64_t end, int thread);

/// NULL if memory or threads cannot be allocated.
sotto_pool *pool_create(int threads);
void pool_destroy(sotto_pool *pool);

/// Distributes items 0…count-1 in grains of `grain` items to free threads, and returns when all are done. Results must
/// not depend on which thread processes a grain.
void pool_run(sotto_pool *pool, int64_t count, int64_t grain, pool_body *body, void *context);

#endif
