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

/// y[i] = operation(x[i], y[i])
typedef struct elementwise {
    void (*operation)(const float *x, float *y, int64_t count);
    const float *x;
    float *y;
    int64_t count;
} elementwise;

static void process_pieces(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const elementwise *e = context;
    const int64_t at = first * PIECE_FLOATS, last = end * PIECE_FLOATS;
    e->operation(e->x + at, e->y + at, (last < e->count ? last : e->count) - at);
}
static void process_elements(sotto_compute *compute, elementwise e) {
    pool_run(compute->pool, round_up(e.count, PIECE_FLOATS) / PIECE_FLOATS, 1, process_pieces, &e);
}

void sotto_add(sotto_compute *compute, const float *x, float *y, int64_t count) {
    process_elements(compute, (elementwise){compute->path->add, x, y, count});
}
void sotto_multiply(sotto_compute *compute, const float *x, float *y, int64_t count) {
    process_elements(compute, (elementwise){compute->path->multiply, x, y, count});
}

/// An operation on rows that are `size` floats apart.
typedef struct rowwise {
    const sotto_path *path;
    const float *factors, *x;  // factors: one for each row
    float deviations, *y;
    int64_t size;
} rowwise;

static void scale_each(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const rowwise *w = context;
    for (int64_t r = first; r < end; r++) w->path->scale(w->factors[r], w->y + r * w->size, w->size);
}
static void add_scaled_each(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const rowwise *w = context;
    for (int64_t r = first; r < end; r++)
        w->path->add_multiple(w->factors[r], w->x + r * w->size, w->y + r * w->size, w->size);
}
static void multiply_each(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const rowwise *w = context;
    for (int64_t r = first; r < end; r++) w->path->multiply(w->x, w->y + r * w->size, w->size);
}
static void cut_off_each(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const rowwise *w = context;
    for (int64_t r = first; r < end; r++) w->path->cut_off(w->deviations, w->y + r * w->size, w->size);
}

void sotto_scale_rows(sotto_compute *compute, const float *factors, float *x, int64_t rows, int64_t size) {
    rowwise w = {.path = compute->path, .factors = factors, .y = x, .size = size};
    pool_run(compute->pool, rows, grain_of(size), scale_each, &w);
}
void sotto_add_scaled_rows(sotto_compute *compute, const float *factors, const float *x, float *y, int64_t rows,
                           int64_t size) {
    rowwise w = {.path = compute->path, .factors = factors, .x = x, .y = y, .size = size};
    pool_run(compute->pool, rows, grain_of(size), add_scaled_each, &w);
}
void sotto_multiply_rows(sotto_compute *compute, const float *weights, float *x, int64_t rows, int64_t size) {
    rowwise w = {.path = compute->path, .x = weights, .y = x, .size = size};
    pool_run(compute->pool, rows, grain_of(size), multiply_each, &w);
}
void sotto_cut_off(sotto_compute *compute, float deviations, float *x, int64_t rows, int64_t size) {
    rowwise w = {.path = compute->path, .deviations = deviations, .y = x, .size = size};
    pool_run(compute->pool, rows, grain_of(size), cut_off_each, &w);
}

typedef struct combination {
    const sotto_path *path;
    const float *x;
    int64_t x_stride;
    const int32_t *slots;
    const float *weights;
    int64_t used, size;
    float *out;
} combination;

static void combine_tokens(void *context, int64_t first, int64_t end, int thread) {
    (void)thread;
    const combination *c = context;
    for (int64_t t = first; t < end; t++)
        c->path->combine(c->x, c->x_stride, c->slots + t * c->used, c->weights + t * c->used, c->used, c->size,
                         c->out + t * c->size);
}

void sotto_combine(sotto_compute *compute, const float *x, int64_t x_stride, const int32_t *slots, const float *weights,
                   int64_t tokens, int64_t used, int64_t size, float *out) {
    combination c = {compute->path, x, x_stride, slots, weights, used, size, out};
    pool_run(compute->pool, tokens, grain_of(used * size), combine_tokens, &c);
}

void sotto_scale(sotto_compute *compute, float factor, float *x, int64_t count) {
    compute->path->scale(factor, x, count);
}
void sotto_clamp(sotto_compute *compute, float limit, float *x, int64_t count) {
    compute->path->clamp(limit, x, count);
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
