// How the pool works. A job's items are cut into grains. Every thread has a share of neighbouring grains of its own, so
// that it reads memory in one stream, and takes them from the front; one that has finished takes from the back of the
// others' shares, so that a thread that lost its core, or never came, leaves nothing undone.
//
// Some two hundred jobs make one token, so what counts is how often a cache line travels from core to core. The caller
// writes one line, the job, and each thread one, its share; nobody counts anybody in:
//
// - A share that still carries an earlier generation is as the job says at first: its owner, or whoever is first to
//   take from it, makes it current.
// - A job is over when as many grains are done as it has. Whoever comes later finds every share empty.
// - The gate is shut before the job's line is written again, so a worker that reads it, and then finds the gate as it
//   was, has read one job and not two halves.
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

/// Looks at the gate before a worker goes to sleep: some tens of microseconds, longer than the gap between two products
/// of a token, shorter than anybody notices.
enum { SPINS_BEFORE_SLEEP = 4000, SPINS_BEFORE_YIELD = 2000 };

/// Grains that a job is cut into at most, so that a share's first and end take half a word. (The generation takes the
/// other half: it comes round after 2^32 jobs, half a day of them.)
enum { MOST_GRAINS = UINT16_MAX };

/// What a job is, as a worker has read it.
typedef struct job {
    uint32_t generation;
    pool_body *body;
    void *context;
    uint64_t count, grain, grains;
} job;

/// The grains of one thread that nobody has taken, and how many it has done of any.
typedef struct share {
    _Alignas(64) atomic_uint_fast64_t left;  // generation · 2^32 + end · 2^16 + first
    atomic_uint_fast64_t done;               // generation · 2^32 + grains
} share;

struct sotto_pool {
    // Written by the caller alone.
    _Alignas(64) atomic_uint_fast64_t gate;  // generation · 2, and 1 while the job is open
    _Atomic(pool_body *) body;
    _Atomic(void *) context;
    atomic_uint_fast64_t count, grain, grains;

    _Alignas(64) atomic_int sleepers;
    atomic_bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int workers;
    int threads;
    share *shares;  // [threads]
    struct worker {
        pthread_t thread;
        sotto_pool *pool;
        int index;
    } worker[];
};

static uint64_t share_of(uint32_t generation, uint64_t first, uint64_t end) {
    return (uint64_t)generation << 32 | end << 16 | first;
}

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Grains that a thread has taken; none when first == end.
typedef struct run {
    uint64_t first, end;
} run;

/// Takes half of what is left of a thread's share, from its front or from its back: few steps, since each holds up the
/// stream of memory, and small ones at the end, so that all finish together.
static run take(sotto_pool *pool, const job *job, int thread, bool from_back) {
    share *share = &pool->shares[thread];
    uint64_t seen = atomic_load_explicit(&share->left, memory_order_relaxed);
    for (;;) {
        const int32_t age = (int32_t)(job->generation - (uint32_t)(seen >> 32));
        if (age < 0) return (run){0, 0};  // a later job has begun
        const uint64_t threads = (uint64_t)pool->threads, index = (uint64_t)thread;
        const uint64_t first = age ? job->grains * index / threads : seen & MOST_GRAINS;
        const uint64_t end = age ? job->grains * (index + 1) / threads : seen >> 16 & MOST_GRAINS;
        if (first >= end) return (run){0, 0};
        const uint64_t half = (end - first + 1) / 2;
        const run taken = from_back ? (run){end - half, end} : (run){first, first + half};
        const uint64_t left =
            from_back ? share_of(job->generation, first, taken.first) : share_of(job->generation, taken.end, end);
        if (atomic_compare_exchange_weak_explicit(&share->left, &seen, left, memory_order_relaxed,
                                                  memory_order_relaxed))
            return taken;
    }
}

/// Works along until all grains are taken; how many it did.
static uint64_t work(sotto_pool *pool, const job *job, int thread) {
    uint64_t done = 0;
    for (int i = 0; i < pool->threads; i++) {
        const int owner = (thread + i) % pool->threads;
        for (run run; (run = take(pool, job, owner, i > 0)).first < run.end; done += run.end - run.first) {
            const uint64_t end = run.end * job->grain;
            job->body(job->context, (int64_t)(run.first * job->grain), (int64_t)(end < job->count ? end : job->count),
                      thread);
        }
    }
    return done;
}

/// Reads the job that the gate has been seen open for; false when it is over.
static bool read_job(sotto_pool *pool, uint64_t gate, job *job) {
    job->generation = (uint32_t)(gate >> 1);
    job->body = atomic_load_explicit(&pool->body, memory_order_relaxed);
    job->context = atomic_load_explicit(&pool->context, memory_order_relaxed);
    job->count = atomic_load_explicit(&pool->count, memory_order_relaxed);
    job->grain = atomic_load_explicit(&pool->grain, memory_order_relaxed);
    job->grains = atomic_load_explicit(&pool->grains, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&pool->gate, memory_order_relaxed) == gate;
}

static bool is_news(sotto_pool *pool, uint64_t gate, uint64_t seen) {
    return (gate != seen && gate & 1) || atomic_load_explicit(&pool->stop, memory_order_relaxed);
}

/// The gate, once it is open for a job other than the one `seen` or the pool stops.
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
        seen = wait_for_job(pool, seen);
        if (atomic_load_explicit(&pool->stop, memory_order_relaxed)) return NULL;
        job job;
        if (!read_job(pool, seen, &job)) continue;
        const uint64_t done = work(pool, &job, self->index);
        if (done > 0)
            atomic_store_explicit(&pool->shares[self->index].done, (uint64_t)job.generation << 32 | done,
                                  memory_order_release);
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
    *pool = (sotto_pool){.threads = threads};
    pool->shares = aligned_alloc(64, (size_t)threads * sizeof(share));
    if (!pool->shares) {
        free(pool);
        return NULL;
    }
    for (int i = 0; i < threads; i++) pool->shares[i] = (share){0};
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
    free(pool->shares);
    free(pool);
}

void pool_run(sotto_pool *pool, int64_t count, int64_t grain, pool_body *body, void *context) {
    if (count <= 0) return;
    if (pool->workers == 0 || count <= grain) {
        body(context, 0, count, 0);
        return;
    }
    const uint64_t items = (uint64_t)count, least = (items + MOST_GRAINS - 1) / MOST_GRAINS;
    const uint64_t size = (uint64_t)grain > least ? (uint64_t)grain : least;
    const uint64_t generation = (atomic_load_explicit(&pool->gate, memory_order_relaxed) >> 1) + 1;
    const job job = {(uint32_t)generation, body, context, items, size, (items + size - 1) / size};
    atomic_store_explicit(&pool->body, job.body, memory_order_relaxed);
    atomic_store_explicit(&pool->context, job.context, memory_order_relaxed);
    atomic_store_explicit(&pool->count, job.count, memory_order_relaxed);
    atomic_store_explicit(&pool->grain, job.grain, memory_order_relaxed);
    atomic_store_explicit(&pool->grains, job.grains, memory_order_relaxed);
    atomic_store(&pool->gate, generation << 1 | 1);
    if (atomic_load(&pool->sleepers) > 0) wake_all(pool);

    const uint64_t done = work(pool, &job, 0);

    // A worker that has done grains of this job says so once, when it finds no more to take.
    for (int spins = 0; done < job.grains; spins++) {
        uint64_t all = done;
        for (int thread = 1; thread < pool->threads; thread++) {
            const uint64_t theirs = atomic_load_explicit(&pool->shares[thread].done, memory_order_acquire);
            if (theirs >> 32 == job.generation) all += theirs & UINT32_MAX;
        }
        if (all == job.grains) break;
        if (spins < SPINS_BEFORE_YIELD)
            pause_briefly();
        else
            sched_yield();
    }
    atomic_store_explicit(&pool->gate, generation << 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}
