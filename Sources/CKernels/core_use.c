#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // for sched_getcpu and RUSAGE_THREAD
#endif
#include "core_use.h"

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#include <time.h>

static const int64_t microsecond = 1000, millisecond = 1000000;

/// How often to ask how much processor time the thread got. (A system call, so not for every job.)
static const int64_t check_interval = millisecond;
/// Shorter interruptions are not worth a reaction: the system does something itself.
static const int64_t shortest_interruption = millisecond / 2;
/// Systems let programs run for 1 to 4 milliseconds. Turns start within that and adapt.
static const int64_t shortest_turn = millisecond / 2, first_turn = 3 * millisecond, longest_turn = 50 * millisecond;
/// A core that comes back sooner was not wanted.
static const int64_t shortest_absence = 100 * microsecond;
enum { OFFERS_UNTIL_UNWANTED = 16 };
/// A thread that has moved stays at least this long: moving costs some tens of microseconds.
static const int64_t caller_stay = 5 * millisecond, worker_stay = millisecond;
/// If the caller loses its core again so soon, moving was in vain. After a few times, other programs use all cores, and
/// the caller stays for longer.
static const int64_t vain_stay = 20 * millisecond, stuck_stay = 1000 * millisecond;
enum { VAIN_MOVES_UNTIL_STUCK = 4 };

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 * millisecond + time.tv_nsec;
}

static int64_t nanoseconds(struct timeval time) {
    return time.tv_sec * 1000 * millisecond + time.tv_usec * microsecond;
}

/// Reads the thread's processor time and interruptions at a point in time.
static void read_use(core_use *use, int64_t time) {
    struct rusage usage;
    use->checked = time;
    if (getrusage(RUSAGE_THREAD, &usage) != 0) return;
    use->used = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
    use->interruptions = usage.ru_nivcsw;
}

/// Begins at a point in time when the thread has its core.
static void begin(core_use *use, int64_t time) {
    use->since = time;
    read_use(use, time);
}

void core_begin(core_use *use) { begin(use, now()); }

static int core_current(void) { return sched_getcpu(); }

static bool is_stuck(const core_use *use) { return use->vain == VAIN_MOVES_UNTIL_STUCK; }

int core_of_caller(const core_use *use) { return is_stuck(use) ? -1 : core_current(); }

/// For how long the system has taken the core away since the last check; 0 if it has not, or only briefly.
static int64_t absence(core_use *use, int64_t time) {
    if (time - use->checked < check_interval) return 0;
    const core_use before = *use;
    read_use(use, time);
    const int64_t away = (time - before.checked) - (use->used - before.used);
    // Without an interruption the thread waited for something itself.
    return use->interruptions > before.interruptions && away > shortest_interruption ? away : 0;
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// Offers the core to other programs, and returns when it is this thread's turn again.
static void offer(core_use *use, int64_t time) {
    sched_yield();
    const int64_t back = now();
    begin(use, back);
    if (back - time > shortest_absence) {
        use->unwanted = 0;
        use->turn = smaller(use->turn + use->turn / 64, longest_turn);
    } else if (++use->unwanted == OFFERS_UNTIL_UNWANTED) {
        use->turn = 0;
    }
}

void core_check_worker(core_use *use) {
    const int64_t time = now(), away = absence(use, time);
    if (away > 0) {
        // The turn was too long. One interruption alone may have been an accident, so it is not halved at once.
        const int64_t ran = (time - use->since - away) * 7 / 8;
        use->turn = larger(use->turn ? larger(ran, use->turn / 2) : smaller(ran, first_turn), shortest_turn);
        use->unwanted = 0;
        use->since = time;
    } else if (use->turn && time - use->since > use->turn) {
        offer(use, time);
    }
}

/// Moves this thread to another of the processors that it may use.
static void leave(core_use *use, int processor, int threads, int64_t time) {
    use->moved = time;
    cpu_set_t allowed;
    // Not with fewer processors than threads, which would take turns in leaving.
    if (processor < 0 || processor >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0 ||
        CPU_COUNT(&allowed) < threads)
        return;
    cpu_set_t others = allowed;
    CPU_CLR(processor, &others);
    if (sched_setaffinity(0, sizeof others, &others) != 0) return;
    sched_setaffinity(0, sizeof allowed, &allowed);
    core_begin(use);
}

void core_check_caller(core_use *use, int threads) {
    const int64_t time = now();
    if (absence(use, time) == 0) return;
    const int64_t stayed = time - use->moved;
    if (stayed < (is_stuck(use) ? stuck_stay : caller_stay)) return;
    use->vain = !is_stuck(use) && stayed < vain_stay ? use->vain + 1 : 0;
    if (is_stuck(use))
        use->moved = time;
    else
        leave(use, core_current(), threads, time);
}

void core_begin_job(core_use *use, int processor, int threads) {
    if (processor < 0) use->turn = 0;
    if (processor < 0 || core_current() != processor) return;
    const int64_t time = now();
    if (time - use->moved > worker_stay) leave(use, processor, threads, time);
}
#else
int core_of_caller(const core_use *use) { return (void)use, -1; }
void core_begin(core_use *use) { (void)use; }
void core_check_worker(core_use *use) { (void)use; }
void core_check_caller(core_use *use, int threads) { (void)use, (void)threads; }
void core_begin_job(core_use *use, int processor, int threads) { (void)use, (void)processor, (void)threads; }
#endif
