// Norms, activations, sums, rotary positions: distributed over threads if there is enough work.
#include "compute.h"

/// Floats that a thread processes at a time. With less than two such pieces, waking another thread does not pay.
enum { PIECE_FLOATS = 16384 };

static int64_t grain_of(int64_t item_floats) { return PIECE_FLOATS / (item_floats + 1) + 1; }

typedef struct norm {
    const sotto_path *path;
    const float *x, *weight, *bias;
    float eps, *out;
    int64_t size;
} norm;

static void rms_groups(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const norm *n = context;
    for (int64_t g = first; g < end; g++)
        n->path->rms_norm(n->x + g * n->size, n->weight, n->eps, n->size, n->out + g * n->size);
}
static void layer_groups(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const norm *n = context;
    for (int64_t g = first; g < end; g++)
        n->path->layer_norm(n->x + g * n->size, n->weight, n->bias, n->eps, n->size, n->out + g * n->size);
}

void sotto_rms_norm(sotto_compute *compute, const float *x, const float *weight, float eps, int64_t groups,
                    int64_t size, float *out) {
    norm n = {compute->path, x, weight, NULL, eps, out, size};
    pool_run(compute->pool, groups, grain_of(size), rms_groups, &n);
}
void sotto_layer_norm(sotto_compute *compute, const float *x, const float *weight, const float *bias, float eps,
                      int64_t groups, int64_t size, float *out) {
    norm n = {compute->path, x, weight, bias, eps, out, size};
    pool_run(compute->pool, groups, grain_of(size), layer_groups, &n);
}

typedef struct gating {
    const sotto_path *path;
    sotto_activation f;
    const float *gate, *up;
    float *out;
    int64_t size, stride;
} gating;

static void gate_tokens(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const gating *g = context;
    for (int64_t t = first; t < end; t++) {
        const int64_t at = t * g->stride;
        g->path->gated(g->f, g->gate + at, g->up ? g->up + at : NULL, g->out + at, g->size);
    }
}

void sotto_gated(sotto_compute *compute, sotto_activation f, const float *gate, const float *up, float *out,
                 int64_t tokens, int64_t size, int64_t stride) {
    gating g = {compute->path, f, gate, up, out, size, stride};
    pool_run(compute->pool, tokens, grain_of(size), gate_tokens, &g);
}

typedef struct addition {
    const sotto_path *path;
    const float *x;
    float *y;
    int64_t count;
} addition;

static void add_pieces(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const addition *a = context;
    const int64_t at = first * PIECE_FLOATS, last = end * PIECE_FLOATS;
    a->path->add(a->x + at, a->y + at, (last < a->count ? last : a->count) - at);
}

void sotto_add(sotto_compute *compute, const float *x, float *y, int64_t count) {
    addition a = {compute->path, x, y, count};
    pool_run(compute->pool, round_up(count, PIECE_FLOATS) / PIECE_FLOATS, 1, add_pieces, &a);
}
void sotto_scale(sotto_compute *compute, float factor, float *x, int64_t count) {
    compute->path->scale(factor, x, count);
}
void sotto_soft_cap(sotto_compute *compute, float cap, float *x, int64_t count) {
    compute->path->soft_cap(cap, x, count);
}
bool sotto_all_finite(sotto_compute *compute, const float *x, int64_t count) {
    return compute->path->all_finite(x, count);
}
double sotto_exp_sum(sotto_compute *compute, float largest, const float *x, int64_t count) {
    return compute->path->exp_sum(largest, x, count);
}

typedef struct rotation {
    const sotto_path *path;
    sotto_rope_pairing pairing;
    float *x;
    int64_t stride, heads, head_dim, rope_dim;
    const float *cosines, *sines;
} rotation;

static void rotate_tokens(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const rotation *r = context;
    for (int64_t t = first; t < end; t++)
        for (int64_t h = 0; h < r->heads; h++)
            r->path->rope(r->pairing, r->x + t * r->stride + h * r->head_dim, r->rope_dim,
                          r->cosines + t * (r->rope_dim / 2), r->sines + t * (r->rope_dim / 2));
}

void sotto_rope(sotto_compute *compute, sotto_rope_pairing pairing, float *x, int64_t tokens, int64_t stride,
                int64_t heads, int64_t head_dim, int64_t rope_dim, const float *cosines, const float *sines) {
    rotation r = {compute->path, pairing, x, stride, heads, head_dim, rope_dim, cosines, sines};
    pool_run(compute->pool, tokens, grain_of(heads * rope_dim), rotate_tokens, &r);
}
