// Products and attention held against double precision, to be run under emulation by scripts/check-arm64.
#include "CKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 70, COLS = 512, MOST_TOKENS = 33 };

static uint64_t state = 41;

/// −1…1 (SplitMix64)
static float number(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (float)((z ^ z >> 31) >> 40) / 8388608.0f - 1;
}

static void fill(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = number();
}

/// Root mean square of the differences, as a share of the expected numbers' own.
typedef struct deviation {
    double error, size;
} deviation;

static void note(deviation *d, double expected, float found) {
    d->error += (expected - found) * (expected - found);
    d->size += expected * expected;
}

static int failures = 0;

static void judge(const char *what, const char *detail, deviation d, double most) {
    const double share = sqrt(d.error / d.size);
    const bool good = share <= most;  // false for NaN, too
    printf("%-10s %-16s %.5f %s\n", what, detail, share, good ? "ok" : "TOO FAR OFF");
    failures += !good;
}

static void check_product(sotto_compute *compute, const sotto_format *format, sotto_isa isa, int tokens) {
    static float source[ROWS * COLS], weights[ROWS * COLS], x[MOST_TOKENS * COLS], out[MOST_TOKENS * ROWS];
    static uint8_t blocks[ROWS * COLS * sizeof(float)];
    fill(source, ROWS * COLS);
    fill(x, (size_t)tokens * COLS);
    deviation d = {NAN, 1};
    const sotto_projection p = {
        .weights = {.format = format, .data = blocks, .rows = ROWS, .cols = COLS}, .out = out, .out_stride = ROWS,
    };
    if (sotto_quantize(format, isa, source, blocks, ROWS * COLS) && sotto_project(compute, x, COLS, tokens, &p, 1)) {
        format->dequantize(blocks, weights, ROWS * COLS);
        d = (deviation){0};
        for (int t = 0; t < tokens; t++)
            for (int r = 0; r < ROWS; r++) {
                double sum = 0;
                for (int c = 0; c < COLS; c++) sum += (double)weights[r * COLS + c] * x[t * COLS + c];
                note(&d, sum, out[t * ROWS + r]);
            }
    }
    char detail[32];
    snprintf(detail, sizeof detail, "%d tokens", tokens);
    judge(format->name, detail, d, 0.02);  // activations have 8 bits
}

enum { HEADS = 4, KV_HEADS = 2, SIZE = 64, PAST = 50, QUERIES = 7, CAPACITY = PAST + QUERIES };

static void check_attention(sotto_compute *compute, sotto_kv_type type, const char *name) {
    static float keys[CAPACITY * KV_HEADS * SIZE], values[CAPACITY * KV_HEADS * SIZE], q[QUERIES * HEADS * SIZE];
    static float out[QUERIES * HEADS * SIZE];
    static uint8_t key_cache[sizeof keys], value_cache[sizeof values];
    fill(keys, CAPACITY * KV_HEADS * SIZE);
    fill(values, CAPACITY * KV_HEADS * SIZE);
    fill(q, QUERIES * HEADS * SIZE);
    sotto_kv_store(compute, type, keys, CAPACITY, KV_HEADS * SIZE, KV_HEADS, SIZE, key_cache, CAPACITY, 0);
    sotto_kv_store(compute, type, values, CAPACITY, KV_HEADS * SIZE, KV_HEADS, SIZE, value_cache, CAPACITY, 0);
    const sotto_attention a = {
        .q = q, .q_stride = HEADS * SIZE, .keys = key_cache, .values = value_cache, .kv_type = type, .out = out,
        .out_stride = HEADS * SIZE, .tokens = QUERIES, .first = PAST, .heads = HEADS, .kv_heads = KV_HEADS,
        .key_size = SIZE, .value_size = SIZE, .capacity = CAPACITY, .scale = 0.125f,
    };
    deviation d = {NAN, 1};
    if (sotto_attend(compute, &a)) {
        d = (deviation){0};
        for (int t = 0; t < QUERIES; t++)
            for (int h = 0; h < HEADS; h++) {
                const int group = h / (HEADS / KV_HEADS);
                double expected[SIZE] = {0}, all = 0;
                for (int k = 0; k <= PAST + t; k++) {
                    double score = 0;
                    for (int i = 0; i < SIZE; i++)
                        score += (double)q[(t * HEADS + h) * SIZE + i] * keys[(k * KV_HEADS + group) * SIZE + i];
                    const double weight = exp(score * 0.125);
                    all += weight;
                    for (int i = 0; i < SIZE; i++) expected[i] += weight * values[(k * KV_HEADS + group) * SIZE + i];
                }
                for (int i = 0; i < SIZE; i++) note(&d, expected[i] / all, out[(t * HEADS + h) * SIZE + i]);
            }
    }
    judge("attention", name, d, type == SOTTO_KV_Q8_0 ? 0.02 : 0.001);
}

int main(void) {
    const sotto_isa isa = sotto_isa_best();
    sotto_compute *compute = sotto_compute_create(2, isa);
    if (!compute) return 1;
    printf("path: %s\n", sotto_isa_name(isa));
    for (size_t i = 0; i < sotto_format_count(); i++)
        for (int tokens = 1; tokens <= MOST_TOKENS; tokens += MOST_TOKENS - 1)
            check_product(compute, sotto_format_at(i), isa, tokens);
    check_attention(compute, SOTTO_KV_F16, "F16");
    check_attention(compute, SOTTO_KV_F32, "F32");
    check_attention(compute, SOTTO_KV_Q8_0, "Q8_0");
    sotto_compute_destroy(compute);
    return failures ? 1 : 0;
}
