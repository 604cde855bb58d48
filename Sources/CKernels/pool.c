// How the pool works. A job's items are divided into grains. Each thread owns a range of adjacent grains, so that it
// reads memory as one stream, and takes grains from the front of its range. Idle threads steal from the tail of other
// threads' ranges, so a thread that lost its core or woke up late delays nobody.
//
// A token takes about two hundred jobs, so the cost that matters is how often a cache line moves between cores. The
// caller writes one line, the job, and each thread one, its range. No thread registers for a job:
//
// - A range with an older generation stands for its initial value, which follows from the job. The first thread to take
//   from it, its owner or another, writes the current generation.
// - A job is over when all of its grains are done. Threads that arrive later find every range empty.
// - The gate is closed before the job's line is written again. So if a worker has read the job and the gate is still
//   unchanged, it has not read a mix of two jobs.
#include "pool.h"

#include "core_use.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

/// How often a worker checks the gate before it sleeps: some tens of microseconds, longer than the gap between two
/// products of a token, too short to matter otherwise.
enum { SPINS_BEFORE_SLEEP = 4000, SPINS_BEFORE_YIELD = 2000 };

/// The most grains of a job: the bounds of a range take half a word. (The generation takes the other half and wraps
/// around after 2^32 jobs, about half a day of computing.)
enum { MOST_GRAINS = UINT16_MAX };

/// A worker's copy of the job.
typedef struct job {
    uint32_t generation;
    pool_body *body;
    void *context;
    uint64_t count, grain, grains;
} job;

/// The grains of one thread's range that nobody has taken yet, and how many grains the thread has done, its own or
/// stolen ones.
typedef struct range {
    _Alignas(64) atomic_uint_fast64_t left;  // generation · 2^32 + end · 2^16 + first
    atomic_uint_fast64_t done;               // generation · 2^32 + grains
} range;

struct sotto_pool {
    // Written by the caller only.
    _Alignas(64) atomic_uint_fast64_t gate;  // generation · 2, and 1 while the job is open
    _Atomic(pool_body *) body;
    _Atomic(void *) context;
    atomic_uint_fast64_t count, grain, grains;
    atomic_int processor;  // see core_of_caller
    core_use caller_use;

    _Alignas(64) atomic_int sleepers;
    atomic_bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int workers;
    int threads;
    range *ranges;  // [threads]
    struct worker {
        _Alignas(64) core_use use;
        pthread_t thread;
        sotto_pool *pool;
        int index;
    } worker[];
};

static uint64_t packed_range(uint32_t generation, uint64_t first, uint64_t end) {
    return (uint64_t)generation << 32 | end << 16 | first;
}

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Grains that a thread has taken; none if first == end.
typedef struct run {
    uint64_t first, end;
} run;

/// Takes half of what is left of a thread's range, from its front or its back. Halving needs few steps, each of which
/// interrupts the memory stream, and makes the last runs small, so that all threads finish together. `single` takes one
/// grain.
static run take(sotto_pool *pool, const job *job, int thread, bool from_back, bool single) {
    range *range = &pool->ranges[thread];
    uint64_t seen = atomic_load_explicit(&range->left, memory_order_relaxed);
    for (;;) {
        const int32_t age = (int32_t)(job->generation - (uint32_t)(seen >> 32));
        if (age < 0) return (run){0, 0};  // a later job has begun
        const uint64_t threads = (uint64_t)pool->threads, index = (uint64_t)thread;
        const uint64_t first = age ? job->grains * index / threads : seen & MOST_GRAINS;
        const uint64_t end = age ? job->grains * (index + 1) / threads : seen >> 16 & MOST_GRAINS;
        if (first >= end) return (run){0, 0};
        const uint64_t half = single ? 1 : (end - first + 1) / 2;
        const run taken = from_back ? (run){end - half, end} : (run){first, first + half};
        const uint64_t left = from_back ? packed_range(job->generation, first, taken.first)
                                        : packed_range(job->generation, taken.end, end);
        if (atomic_compare_exchange_weak_explicit(&range->left, &seen, left, memory_order_relaxed,
                                                  memory_order_relaxed))
            return taken;
    }
}

/// Reports how many grains of a job a worker has done. After that the job can end without it.
static void report(sotto_pool *pool, const job *job, int thread, uint64_t done) {
    atomic_store_explicit(&pool->ranges[thread].done, (uint64_t)job->generation << 32 | done, memory_order_release);
}

/// Processes grains until all are taken; returns how many this thread did. Workers report it, too.
static uint64_t work(sotto_pool *pool, const job *job, int thread, core_use *use) {
    uint64_t done = 0;
    for (int i = 0; i < pool->threads; i++) {
        const int owner = (thread + i) % pool->threads;
        for (run run; (run = take(pool, job, owner, i > 0, use->turn > 0)).first < run.end;) {
            const uint64_t end = run.end * job->grain;
            job->body(job->context, (int64_t)(run.first * job->grain), (int64_t)(end < job->count ? end : job->count),
                      thread);
            done += run.end - run.first;
            if (use->turn > 0) {
                report(pool, job, thread, done);
                core_check_worker(use);
            }
        }
    }
    if (thread > 0 && done > 0) report(pool, job, thread, done);
    return done;
}

/// Reads the job that `gate` was opened for; false if that job is over.
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

static bool has_work(sotto_pool *pool, uint64_t gate, uint64_t seen) {
    return (gate != seen && gate & 1) || atomic_load_explicit(&pool->stop, memory_order_relaxed);
}

/// Waits until the gate is open for another job than the one `seen`, or the pool stops. Returns the gate.
static uint64_t wait_for_job(sotto_pool *pool, uint64_t seen, core_use *use) {
    for (int i = 0; i < SPINS_BEFORE_SLEEP; i++) {
        const uint64_t gate = atomic_load_explicit(&pool->gate, memory_order_acquire);
        if (has_work(pool, gate, seen)) return gate;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->mutex);
    // Workers register as sleepers before they check the gate once more; the caller opens the gate before it checks for
    // sleepers. So one of the two sees the other.
    atomic_fetch_add(&pool->sleepers, 1);
    uint64_t gate;
    while (!has_work(pool, gate = atomic_load(&pool->gate), seen)) pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
    core_begin(use);
    return gate;
}

static void *worker_main(void *argument) {
    struct worker *self = argument;
    sotto_pool *pool = self->pool;
    uint64_t seen = 0;
    core_begin(&self->use);
    // The name that system tools show.
#if defined(__linux__)
    prctl(PR_SET_NAME, "compute");
#elif defined(__APPLE__)
    pthread_setname_np("compute");
#endif
    for (;;) {
        seen = wait_for_job(pool, seen, &self->use);
        if (atomic_load_explicit(&pool->stop, memory_order_relaxed)) return NULL;
        job job;
        if (!read_job(pool, seen, &job)) continue;
        core_begin_job(&self->use, atomic_load_explicit(&pool->processor, memory_order_relaxed), pool->threads);
        work(pool, &job, self->index, &self->use);
        core_check_worker(&self->use);
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
    pool->ranges = aligned_alloc(64, (size_t)threads * sizeof(range));
    if (!pool->ranges) {
        free(pool);
        return NULL;
    }
    for (int i = 0; i < threads; i++) pool->ranges[i] = (range){0};
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
    atomic_store_explicit(&pool->processor, core_of_caller(&pool->caller_use), memory_order_relaxed);
    atomic_store(&pool->gate, generation << 1 | 1);
    if (atomic_load(&pool->sleepers) > 0) wake_all(pool);

    const uint64_t done = work(pool, &job, 0, &pool->caller_use);

    for (int spins = 0; done < job.grains; spins++) {
        uint64_t all = done;
        for (int thread = 1; thread < pool->threads; thread++) {
            const uint64_t theirs = atomic_load_explicit(&pool->ranges[thread].done, memory_order_acquire);
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
    core_check_caller(&pool->caller_use, pool->threads);
}
