// A fixed pool of threads that share out the items of one job at a time.
#ifndef SOTTO_POOL_H
#define SOTTO_POOL_H

#include <stdint.h>

typedef struct sotto_pool sotto_pool;

/// Works on items first…end-1. `thread` (0 is the caller) says whose scratch memory to use.
typedef void pool_body(void *context, int64_t first, int64_t end, int thread);

/// NULL when memory or threads cannot be had.
sotto_pool *pool_create(int threads);
void pool_destroy(sotto_pool *pool);

/// Hands items 0…count-1 out in pieces of `grain`, to whoever is free, and returns when all are done. Which thread
/// works on a piece is left to chance, so no result may depend on it.
void pool_run(sotto_pool *pool, int64_t count, int64_t grain, pool_body *body, void *context);

#endif
