// How the pool works. Every thread has a range of neighbouring items of its own, so that it reads memory in one stream,
// and takes them from the front; one that has finished takes from the back of the others' ranges, so that a thread that
// lost its core, or never came, leaves nothing undone.
//
// The gate is one word: a generation that grows with every job, a bit that says the job is closed,
// and how many workers have entered. A worker enters by counting itself in while the job is open. The caller works
// along; when no items are left it closes the gate and waits only for those that did enter, so a worker that sleeps,
// or has lost its core to another process, holds nobody up.
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

enum { CLOSED = 1 << 15, ENTERED = CLOSED - 1, GENERATION = 1 << 16 };

/// Looks at the gate before a worker goes to sleep: some tens of microseconds, longer than the gap between two products
/// of a token, shorter than anybody notices.
enum { SPINS_BEFORE_SLEEP = 4000, SPINS_BEFORE_YIELD = 2000 };

struct sotto_pool {
    // Each word that is written often has a cache line of its own.
    _Alignas(64) atomic_uint_fast64_t gate;
    _Alignas(64) atomic_uint_fast64_t left;  // workers that entered this job and have finished
    _Alignas(64) pool_body *body;
    void *context;
    uint64_t grain;

    atomic_int sleepers;
    atomic_bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int workers;
    int threads;
    struct range *ranges;  // [threads]
    struct worker {
        pthread_t thread;
        sotto_pool *pool;
        int index;
    } worker[];
};

/// Items of one thread that nobody has taken yet: the first in the lower half of the word, the end in the upper.
typedef struct range {
    _Alignas(64) atomic_uint_fast64_t items;
} range;

static uint64_t range_of(uint64_t first, uint64_t end) { return first | end << 32; }

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Takes up to a grain of items from the front of a range, or from its back; an empty range is left as it is.
static uint64_t take(range *range, uint64_t grain, bool from_back) {
    uint64_t items = atomic_load_explicit(&range->items, memory_order_relaxed);
    for (;;) {
        const uint64_t first = items & UINT32_MAX, end = items >> 32;
        if (first >= end) return 0;
        const uint64_t count = end - first < grain ? end - first : grain;
        const uint64_t taken = from_back ? range_of(end - count, end) : range_of(first, first + count);
        const uint64_t left = from_back ? range_of(first, end - count) : range_of(first + count, end);
        if (atomic_compare_exchange_weak_explicit(&range->items, &items, left, memory_order_relaxed,
                                                  memory_order_relaxed))
            return taken;
    }
}

static void work(sotto_pool *pool, int thread) {
    for (int i = 0; i < pool->threads; i++) {
        range *range = &pool->ranges[(thread + i) % pool->threads];
        for (uint64_t items; (items = take(range, pool->grain, i > 0)) != 0;)
            pool->body(pool->context, (int64_t)(items & UINT32_MAX), (int64_t)(items >> 32), thread);
    }
}

static bool is_news(const sotto_pool *pool, uint64_t gate, uint64_t seen) {
    return gate / GENERATION != seen || atomic_load_explicit(&pool->stop, memory_order_relaxed);
}

/// The gate, once a generation other than `seen` has begun or the pool stops.
static uint64_t wait_for_job(sotto_pool *pool, uint64_t seen) {
    for (int i = 0; i < SPINS_BEFORE_SLEEP; i++) {
        const uint64_t gate = atomic_load_explicit(&pool->gate, memory_order_acquire);
        if (is_news(pool, gate, seen)) return gate;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->mutex);
    // Counted in before the last look; the caller publishes before it looks for sleepers. One of them sees the other.
    atomic_fetch_add(&pool->sleepers, 1);
    uint64_t gate;
    while (!is_news(pool, gate = atomic_load(&pool->gate), seen)) pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
    return gate;
}

static void *worker_main(void *argument) {
    const struct worker *self = argument;
    sotto_pool *pool = self->pool;
    uint64_t seen = 0;
    // The name that the system's tools show.
#if defined(__linux__)
    prctl(PR_SET_NAME, "compute");
#elif defined(__APPLE__)
    pthread_setname_np("compute");
#endif
    for (;;) {
        uint64_t gate = wait_for_job(pool, seen);
        if (atomic_load_explicit(&pool->stop, memory_order_relaxed)) return NULL;
        seen = gate / GENERATION;
        while (!(gate & CLOSED) && gate / GENERATION == seen) {
            if (!atomic_compare_exchange_weak_explicit(&pool->gate, &gate, gate + 1, memory_order_acquire,
                                                       memory_order_acquire))
                continue;
            work(pool, self->index);
            atomic_fetch_add_explicit(&pool->left, 1, memory_order_release);
            break;
        }
    }
}

static void wake_all(sotto_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
}

sotto_pool *pool_create(int threads) {
    const size_t size = sizeof(sotto_pool) + (size_t)threads * sizeof(struct worker);
    sotto_pool *pool = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!pool) return NULL;
    *pool = (sotto_pool){.gate = CLOSED, .threads = threads};
    pool->ranges = aligned_alloc(64, (size_t)threads * sizeof(range));
    if (!pool->ranges) {
        free(pool);
        return NULL;
    }
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    for (int i = 0; i < threads - 1; i++) {
        struct worker *worker = &pool->worker[i];
        *worker = (struct worker){.pool = pool, .index = i + 1};
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
            pool_destroy(pool);
            return NULL;
        }
        pool->workers++;
    }
    return pool;
}

void pool_destroy(sotto_pool *pool) {
    if (!pool) return;
    atomic_store(&pool->stop, true);
    wake_all(pool);
    for (int i = 0; i < pool->workers; i++) pthread_join(pool->worker[i].thread, NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->ranges);
    free(pool);
}

void pool_run(sotto_pool *pool, int64_t count, int64_t grain, pool_body *body, void *context) {
    if (count <= 0) return;
    if (pool->workers == 0 || count <= grain || count > UINT32_MAX) {
        body(context, 0, count, 0);
        return;
    }
    pool->body = body;
    pool->context = context;
    pool->grain = (uint64_t)grain;
    const uint64_t grains = (uint64_t)((count + grain - 1) / grain), threads = (uint64_t)pool->threads;
    for (uint64_t i = 0; i < threads; i++) {
        const uint64_t first = grains * i / threads * pool->grain, end = grains * (i + 1) / threads * pool->grain;
        atomic_store_explicit(&pool->ranges[i].items,
                              range_of(first, end < (uint64_t)count ? end : (uint64_t)count), memory_order_relaxed);
    }
    atomic_store_explicit(&pool->left, 0, memory_order_relaxed);
    const uint64_t generation = atomic_load_explicit(&pool->gate, memory_order_relaxed) / GENERATION + 1;
    atomic_store(&pool->gate, generation * GENERATION);
    if (atomic_load(&pool->sleepers) > 0) wake_all(pool);

    work(pool, 0);

    const uint64_t entered = atomic_fetch_or(&pool->gate, CLOSED) & ENTERED;
    for (int spins = 0; atomic_load_explicit(&pool->left, memory_order_acquire) != entered; spins++) {
        if (spins < SPINS_BEFORE_YIELD) pause_briefly();
        else sched_yield();
    }
}
