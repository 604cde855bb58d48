// How a thread of the pool copes with another program on its core.
//
// The system then takes the core away for some milliseconds again and again, a hundred times as long as a job takes. If
// that happens in the middle of a grain, every other thread waits for it. So:
//
// - A worker that has lost its core in this way offers it voluntarily from then on, before the system would take it,
//   and when it holds no grain. The other threads do its share until it is back.
// - The caller cannot be replaced, since it starts every job. It moves to another processor.
// - A worker on the caller's processor moves away.
// - If other programs use all cores, threads do neither: a worker that offered its core early would then often be away
//   while the caller is there.
//
// Without such programs this costs a look at the clock per job. Elsewhere than on Linux these functions do nothing.
#ifndef SOTTO_CORE_USE_H
#define SOTTO_CORE_USE_H

#include <stdbool.h>
#include <stdint.h>

/// One thread's use of its core. Times are in nanoseconds.
typedef struct core_use {
    int64_t turn;           // how long the thread uses a core that another program wants; 0 if none does
    int64_t since;          // when it got the core
    int64_t checked;        // when the next two were read
    int64_t used;           // processor time of the thread until then
    int64_t interruptions;  // how often the system had taken the core away until then
    int64_t moved;          // when it last moved to another processor
    int unwanted;           // how many times in a row it offered the core and nobody wanted it
    int vain;               // how many times in a row the caller moved in vain
} core_use;

/// Begins after the thread was created, or slept.
void core_begin(core_use *use);

/// Called by workers between grains: offers the core if it is time to.
void core_check_worker(core_use *use);

/// Called by the pool's caller between jobs: moves to another processor if the system took the core away. `threads` is
/// the number of threads in the pool.
void core_check_caller(core_use *use, int threads);

/// The processor that the caller runs on, for its workers; -1 if unknown, or if it could not get away from others.
int core_of_caller(const core_use *use);

/// Called by workers before they take part in a job: moves to another processor if it is the caller's.
void core_begin_job(core_use *use, int processor, int threads);

#endif
