// The KV cache and attention: writes cache rows and divides attention into tasks for the pool.
#include "compute.h"

size_t sotto_kv_row_bytes(sotto_kv_type type, int64_t size) {
    switch (type) {
        case SOTTO_KV_F16: return (size_t)size * sizeof(uint16_t);
        case SOTTO_KV_F32: return (size_t)size * sizeof(float);
        case SOTTO_KV_Q8_0: return (size_t)(round_up(size, 32) / 32) * sizeof(struct block_q8_0);
    }
    return 0;
}

/// Tokens that one thread stores at a time. A single decoded token is stored by the caller.
enum { STORE_TOKENS = 64 };

typedef struct storing {
    const sotto_path *path;
    sotto_kv_type type;
    const float *x;
    int64_t stride, kv_heads, size;
    uint8_t *cache;
    int64_t capacity, first;
} storing;

static void store_tokens(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const storing *s = context;
    const size_t bytes = sotto_kv_row_bytes(s->type, s->size);
    for (int64_t t = first; t < end; t++)
        for (int64_t h = 0; h < s->kv_heads; h++)
            s->path->kv_store(s->type, s->x + t * s->stride + h * s->size, s->size,
                              s->cache + (size_t)(h * s->capacity + s->first + t) * bytes);
}

void sotto_kv_store(sotto_compute *compute, sotto_kv_type type, const float *x, int64_t tokens, int64_t stride,
                    int64_t kv_heads, int64_t size, void *cache, int64_t capacity, int64_t first) {
    storing s = {compute->path, type, x, stride, kv_heads, size, cache, capacity, first};
    pool_run(compute->pool, tokens, STORE_TOKENS, store_tokens, &s);
}

/// How the history is split when there are too few queries and kv heads to keep all threads busy: into parts of
/// SPLIT_KEYS keys at first, later into eighths of the preceding history. No part is so short that the cost of
/// scheduling and merging it matters. The boundaries depend on neither the number of threads nor the other queries of
/// the pass, and so neither does a query's result.
enum { SPLIT_KEYS = 2 * KEY_BLOCK, MOST_SPLITS = 256 };

typedef struct attention_plan {
    const sotto_path *path;
    const sotto_attention *a;
    int64_t token_blocks, splits;     // splits > 1 only with one block of tokens
    int64_t bounds[MOST_SPLITS + 1];  // key positions between which the splits are
    int64_t sums_floats;              // of one task's sums
    int64_t scratch_floats;           // of one thread's scratch
    float *sums, *scratch;
} attention_plan;

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// The start of the first block of keys that a token's query attends to: a multiple of KEY_BLOCK.
static int64_t first_key_of(const sotto_attention *a, int64_t token) {
    return attention_first_key(a, a->first + token) / KEY_BLOCK * KEY_BLOCK;
}

/// The end of the part of the history that contains `key`.
static int64_t split_end(const sotto_attention *a, int64_t key) {
    int64_t before = key;
    if (a->window > 0) before = smaller(before, a->window);
    if (a->chunk > 0) before = smaller(before, a->chunk);
    int64_t size = SPLIT_KEYS;
    while (size * 16 <= before) size *= 2;
    return key / size * size + size;
}

/// Splits the keys that all queries of the pass attend to.
static void split_keys(attention_plan *plan) {
    const sotto_attention *a = plan->a;
    const int64_t end = a->first + a->tokens;
    int64_t key = plan->bounds[0] = first_key_of(a, 0);
    for (plan->splits = 0; key < end; plan->bounds[++plan->splits] = key)
        key = plan->splits < MOST_SPLITS - 1 ? smaller(split_end(a, key), end) : end;
}

static void attend_tasks(void *context, int64_t first, int64_t end, int thread) {
    const attention_plan *plan = context;
    const sotto_attention *a = plan->a;
    for (int64_t i = first; i < end; i++) {
        attention_task task = {.key_bytes = sotto_kv_row_bytes(a->kv_type, a->head_dim),
                               .value_bytes = sotto_kv_row_bytes(a->kv_type, a->value_dim),
                               .scratch = plan->scratch + thread * plan->scratch_floats};
        if (plan->splits > 1) {
            const int64_t split = i % plan->splits;
            task.kv_head = i / plan->splits;
            task.end_token = a->tokens;
            task.first_key = plan->bounds[split];
            task.end_key = plan->bounds[split + 1];
            task.partial = true;
            task.sums = plan->sums + i * plan->sums_floats;
        } else {
            // The last tokens attend to the most keys. They go first, so that short tasks balance the load at the end.
            const int64_t block = plan->token_blocks - 1 - i / a->kv_heads;
            task.kv_head = i % a->kv_heads;
            task.first_token = block * QUERY_TOKENS;
            task.end_token = smaller(task.first_token + QUERY_TOKENS, a->tokens);
            task.first_key = first_key_of(a, task.first_token);
            task.end_key = a->first + task.end_token;
        }
        plan->path->attend(a, &task);
    }
}

size_t sotto_attend_scratch_bytes(const sotto_attention *a, int threads) {
    const int64_t group = a->heads / a->kv_heads;
    const int64_t rows = smaller(a->tokens, QUERY_TOKENS) * group;
    const int64_t splits = smaller(a->capacity / SPLIT_KEYS + 1, MOST_SPLITS);
    const int64_t scratch = threads * round_up(attention_scratch_floats(a, rows), LANES);
    return sizeof(float) * (size_t)(scratch + a->kv_heads * splits * rows * attention_row_floats(a));
}

bool sotto_attend(sotto_compute *compute, const sotto_attention *a) {
    if (a->tokens <= 0) return true;
    const int64_t group = a->heads / a->kv_heads;
    attention_plan plan = {
        .path = compute->path, .a = a, .token_blocks = round_up(a->tokens, QUERY_TOKENS) / QUERY_TOKENS, .splits = 1};
    if (plan.token_blocks == 1) split_keys(&plan);
    const int64_t rows = smaller(a->tokens, QUERY_TOKENS) * group;
    const int64_t tasks = a->kv_heads * plan.token_blocks * plan.splits;
    plan.scratch_floats = round_up(attention_scratch_floats(a, rows), LANES);
    plan.sums_floats = plan.splits > 1 ? rows * attention_row_floats(a) : 0;
    plan.scratch = compute_scratch(
        compute, sizeof(float) * (size_t)(compute->threads * plan.scratch_floats + tasks * plan.sums_floats));
    if (!plan.scratch) return false;
    plan.sums = plan.scratch + compute->threads * plan.scratch_floats;

    pool_run(compute->pool, tasks, 1, attend_tasks, &plan);
    if (plan.splits > 1)
        for (int64_t h = 0; h < a->kv_heads; h++)
            compute->path->attention_merge(a, h, 0, a->tokens, plan.sums + h * plan.splits * plan.sums_floats,
                                           plan.splits, plan.sums_floats);
    return true;
}
