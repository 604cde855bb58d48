// Convolutions and linear attention: distributed over threads by channels and values, which do not depend on each
// other.
#include "compute.h"

/// Multiply-adds that a thread does at a time. With less than two such pieces, waking another thread does not pay.
enum { PIECE_STEPS = 16384 };

typedef struct convolution_job {
    const sotto_path *path;
    const sotto_convolution *call;
} convolution_job;

static void convolve_blocks(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const convolution_job *job = context;
    const int64_t last = end * LANES;
    job->path->convolve(job->call, first * LANES, last < job->call->channels ? last : job->call->channels);
}

void sotto_convolve(sotto_compute *compute, const sotto_convolution *call) {
    convolution_job job = {compute->path, call};
    const int64_t steps = call->tokens * call->length * LANES;
    pool_run(compute->pool, round_up(call->channels, LANES) / LANES, PIECE_STEPS / (steps + 1) + 1, convolve_blocks,
             &job);
}

void sotto_time_steps(const sotto_time_step_call *c) {
    for (int64_t t = 0; t < c->tokens; t++)
        for (int64_t h = 0; h < c->heads; h++) {
            const float x = c->x[t * c->heads + h] + c->bias[h];
            float step = x > 20 ? x : log1pf(expf(x));
            if (step < c->least) step = c->least;
            if (step > c->most) step = c->most;
            c->steps[t * c->heads + h] = step;
            c->decays[t * c->heads + h] = expf(c->rates[h] * step);
        }
}

size_t sotto_linear_attention_state_floats(int64_t heads, int64_t key_dim, int64_t value_dim) {
    return (size_t)(heads * key_dim * round_up(value_dim, LANES));
}

typedef struct linear_attention_job {
    const sotto_path *path;
    const sotto_linear_attention *call;
} linear_attention_job;

static void attend_blocks(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const linear_attention_job *job = context;
    job->path->linear_attention(job->call, first, end);
}

void sotto_attend_linearly(sotto_compute *compute, const sotto_linear_attention *call) {
    linear_attention_job job = {compute->path, call};
    const int64_t steps = call->tokens * call->key_dim * LANES;
    pool_run(compute->pool, call->heads * (round_up(call->value_dim, LANES) / LANES), PIECE_STEPS / (steps + 1) + 1,
             attend_blocks, &job);
}
