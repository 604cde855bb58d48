// A library to be preloaded (LD_PRELOAD): slows and fails file calls on one folder, for scripts/torture and tests.
//
//   FAULTS_FOLDER    only files below this folder are affected
//   FAULTS_SEED      of the random numbers
//   FAULTS_FSYNC_MS  milliseconds that flushing a file takes
//   FAULTS_WRITE     the share of writes that fail (disk full, I/O error) or write only a part, from 0 to 1
//   FAULTS_RENAME    the share of renames that fail
//   FAULTS_OPEN      the share of files that cannot be created
//   FAULTS_LOCKS     if set, there are no locks
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// The function that this library hides.
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static double setting(const char *name) {
    const char *text = getenv(name);
    return text ? strtod(text, NULL) : 0;
}

// Numbers from 0 to 1, the same for the same seed as long as threads call in the same order.
static double next_random(void) {
    static _Atomic uint64_t state = 0;
    uint64_t start = (uint64_t)setting("FAULTS_SEED") * 0x9E3779B97F4A7C15u;
    uint64_t x = atomic_fetch_add(&state, 0x9E3779B97F4A7C15u) + start;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (double)((x ^ x >> 31) >> 11) / 9007199254740992.0;
}

static int happens(const char *name) {
    double share = setting(name);
    return share > 0 && next_random() < share;
}

static int is_below_folder(const char *path) {
    const char *folder = getenv("FAULTS_FOLDER");
    return folder && !strncmp(path, folder, strlen(folder));
}

// Whether a descriptor is a regular file below the folder.
static int is_affected(int descriptor) {
    struct stat status;
    char link[64], path[PATH_MAX];
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below_folder(path);
}

static int fail(void) {
    errno = next_random() < 0.5 ? ENOSPC : EIO;
    return -1;
}

static void wait_for_disk(int descriptor) {
    double milliseconds = setting("FAULTS_FSYNC_MS");
    if (milliseconds <= 0 || !is_affected(descriptor)) return;
    struct timespec time = {(time_t)(milliseconds / 1000), (long)(milliseconds * 1e6) % 1000000000};
    nanosleep(&time, NULL);
}

int fsync(int descriptor) {
    wait_for_disk(descriptor);
    return NEXT(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    wait_for_disk(descriptor);
    return NEXT(fdatasync)(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (count > 0 && is_affected(descriptor) && happens("FAULTS_WRITE")) {
        if (count == 1 || next_random() < 0.5) return fail();
        count = 1 + (size_t)(next_random() * (double)(count - 1));
    }
    return NEXT(write)(descriptor, bytes, count);
}

int rename(const char *from, const char *to) {
    if (is_below_folder(to) && happens("FAULTS_RENAME")) return fail();
    return NEXT(rename)(from, to);
}

int flock(int descriptor, int operation) {
    if (getenv("FAULTS_LOCKS") && is_affected(descriptor)) {
        errno = ENOLCK;
        return -1;
    }
    return NEXT(flock)(descriptor, operation);
}

static int open_with(__typeof__(&open) next, const char *path, int flags, mode_t mode) {
    if (flags & O_CREAT && is_below_folder(path) && happens("FAULTS_OPEN")) return fail();
    return next(path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_with(NEXT(open), path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_with(NEXT(open64), path, flags, mode);
}
