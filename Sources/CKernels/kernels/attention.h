// Attention over blocks of keys with an online softmax. (Included once by each path, after attention_direct.h.)

// MARK: One block of keys

/// The running softmax of a query row: the largest score so far, and the sum of e^(score - largest) in each lane.
typedef struct row_state {
    float largest;
    f32x16 total;
} row_state;

INLINE float exp_one(float x) { return f32x16_exp(f32x16_set(x))[0]; }

/// What a query row attends to: keys low…high-1.
typedef struct query_row {
    int64_t position, low, high;
    float slope;
} query_row;

/// Turns a row of scores for the keys from first_key on into weights e^(score - largest), and rescales earlier sums.
INLINE void softmax_step(const sotto_attention *a, float *scores, int64_t first_key, query_row row, row_state *state,
                         float *sums, int64_t sums_size) {
    f32x16 s[KEY_BLOCK / LANES], largest = f32x16_set(-INFINITY);
    const i32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const bool whole = first_key >= row.low && first_key + KEY_BLOCK <= row.high;
    for (int n = 0; n < KEY_BLOCK / LANES; n++) {
        s[n] = f32x16_load(scores + LANES * n);
        if (a->soft_cap > 0) s[n] = a->soft_cap * f32x16_tanh(s[n] / a->soft_cap);
        const i32x16 key = lane + (int32_t)(LANES * n);
        if (row.slope != 0)
            s[n] += row.slope * __builtin_convertvector(key - (int32_t)(row.position - first_key), f32x16);
        if (!whole) {
            const i32x16 seen = (key >= (int32_t)(row.low - first_key)) & (key < (int32_t)(row.high - first_key));
            s[n] = f32x16_select(seen, s[n], f32x16_set(-INFINITY));
        }
        largest = __builtin_elementwise_max(largest, s[n]);
    }
    const float block_largest = f32x16_max(largest);
    if (block_largest > state->largest) {
        const float shrink = exp_one(state->largest - block_largest);
        state->largest = block_largest;
        state->total *= shrink;
        for (int64_t i = 0; i < sums_size; i += LANES) f32x16_store(sums + i, f32x16_load(sums + i) * shrink);
    }
    // A row that has had no key yet has no largest score; its weights are e^-inf = 0 with any reference.
    const float reference = state->largest == -INFINITY ? 0 : state->largest;
    f32x16 total = state->total;  // in a register: the compiler cannot know that it does not overlap the scores
    for (int n = 0; n < KEY_BLOCK / LANES; n++) {
        s[n] = f32x16_exp(s[n] - reference);
        total += s[n];
        f32x16_store(scores + LANES * n, s[n]);
    }
    state->total = total;
}

/// The parts of a task's scratch memory. attention_scratch_floats calculates their size.
typedef struct attention_scratch {
    float *queries;     // [rows][head_dim], scaled
    float *keys;        // [KEY_BLOCK / 16][key_floats][16], transposed: a vector holds one element of 16 keys
    float *values;      // [KEY_BLOCK][value_floats]
    float *scores;      // [rows][KEY_BLOCK]
    float *sums;        // [rows][value_floats]
    float *staging;     // [16][key_floats]
    row_state *states;  // [rows]
} attention_scratch;

static void load_block(const sotto_attention *a, const cached_block *b, const attention_scratch *s) {
    const int64_t key_floats = attention_key_floats(a), value_floats = attention_value_floats(a);
    for (int64_t n = 0; n < KEY_BLOCK; n += LANES) {
        for (int64_t i = 0; i < LANES; i++) {
            float *out = s->staging + i * key_floats;
            if (n + i < b->count)
                kv_load(a->kv_type, b->keys + (size_t)(n + i) * b->key_bytes, a->head_dim, out);
            else
                memset(out, 0, (size_t)key_floats * sizeof(float));
        }
        for (int64_t i = 0; i < key_floats; i += LANES)
            transpose_16x16((const uint32_t *)s->staging + i, (size_t)key_floats,
                            (uint32_t *)s->keys + n * key_floats + i * LANES, LANES);
    }
    for (int64_t n = 0; n < KEY_BLOCK; n++) {
        float *out = s->values + n * value_floats;
        if (n < b->count)
            kv_load(a->kv_type, b->values + (size_t)n * b->value_bytes, a->value_dim, out);
        else
            memset(out, 0, (size_t)value_floats * sizeof(float));
    }
}

// MARK: Output

/// A row of the output to which parts of the history are added. A history in one part goes the same way as one in many,
/// because the other queries of a pass may decide how many there are, but must not change a bit.
typedef struct row_output {
    float *out;
    float largest, total;  // of all scores, and the sum of e^(score - largest)
} row_output;

/// A row without parts, only with the sink. `largest` is the largest score of the parts to come.
INLINE row_output output_of(const sotto_attention *a, int64_t token, int64_t head, float largest) {
    row_output row = {.out = a->out + token * a->out_stride + head * a->value_dim, .largest = largest};
    if (a->sinks) {
        row.largest = fmaxf(largest, a->sinks[head]);
        row.total = exp_one(a->sinks[head] - row.largest);
    }
    memset(row.out, 0, (size_t)a->value_dim * sizeof(float));
    return row;
}
INLINE void add_part(const sotto_attention *a, row_output *row, float largest, float total, const float *sums) {
    const float weight = exp_one(largest - row->largest);
    row->total += weight * total;
    for (int64_t i = 0; i < a->value_dim; i++) row->out[i] += weight * sums[i];
}
INLINE void divide_by_total(const sotto_attention *a, const row_output *row) {
    for (int64_t i = 0; i < a->value_dim; i++) row->out[i] /= row->total;
}

// MARK: Tasks

static void attend(const sotto_attention *a, const attention_task *task) {
    const int64_t group = a->heads / a->kv_heads, rows = (task->end_token - task->first_token) * group;
    const int64_t key_floats = attention_key_floats(a), value_floats = attention_value_floats(a);
    attention_scratch s = {.queries = task->scratch};
    s.keys = s.queries + round_up(rows * a->head_dim, LANES);
    s.values = s.keys + KEY_BLOCK * key_floats;
    s.scores = s.values + KEY_BLOCK * value_floats;
    s.sums = s.scores + rows * KEY_BLOCK;
    s.staging = s.sums + rows * value_floats;
    s.states = (row_state *)(s.staging + LANES * key_floats);

    for (int64_t r = 0; r < rows; r++) {
        const float *q =
            a->q + (task->first_token + r / group) * a->q_stride + (task->kv_head * group + r % group) * a->head_dim;
        for (int64_t i = 0; i < a->head_dim; i++) s.queries[r * a->head_dim + i] = q[i] * a->scale;
        s.states[r] = (row_state){.largest = -INFINITY};
    }
    memset(s.sums, 0, (size_t)(rows * value_floats) * sizeof(float));
    memset(s.values, 0, (size_t)(KEY_BLOCK * value_floats) * sizeof(float));

    const bool directly = rows <= DIRECT_ROWS;
    const int64_t panel = LANES * TILE_PANELS;
    for (int64_t key = task->first_key; key < task->end_key; key += KEY_BLOCK) {
        const cached_block block = cached_block_at(a, task, key);
        if (directly)
            score_directly(a, &block, s.queries, rows, s.scores);
        else {
            load_block(a, &block, &s);
            for (int64_t n = 0; n < KEY_BLOCK; n += panel)
                float_slab(s.keys + n * key_floats, LANES, key_floats * LANES, a->head_dim, s.queries, a->head_dim,
                           NULL, rows, (tile_out){.out = s.scores + n, .stride = KEY_BLOCK, .rows = panel});
        }
        for (int64_t r = 0; r < rows; r++) {
            const int64_t position = a->first + task->first_token + r / group;
            const query_row row = {.position = position,
                                   .low = attention_first_key(a, position),
                                   .high = position + 1 < task->end_key ? position + 1 : task->end_key,
                                   .slope = a->slopes ? a->slopes[task->kv_head * group + r % group] : 0};
            softmax_step(a, s.scores + r * KEY_BLOCK, key, row, &s.states[r], s.sums + r * value_floats, value_floats);
        }
        if (directly)
            add_values_directly(a, &block, s.scores, rows, s.sums, value_floats);
        else
            for (int64_t n = 0; n < value_floats; n += panel)
                float_slab(s.values + n, value_floats, LANES, KEY_BLOCK, s.scores, KEY_BLOCK, NULL, rows,
                           (tile_out){.from = s.sums + n,
                                      .from_stride = value_floats,
                                      .out = s.sums + n,
                                      .stride = value_floats,
                                      .rows = panel});
    }

    for (int64_t r = 0; r < rows; r++) {
        const float total = f32x16_sum(s.states[r].total), *sums = s.sums + r * value_floats;
        if (task->partial) {
            float *out = task->sums + r * attention_row_floats(a);
            out[0] = s.states[r].largest;
            out[1] = total;
            memcpy(out + LANES, sums, (size_t)value_floats * sizeof(float));
        } else {
            row_output out =
                output_of(a, task->first_token + r / group, task->kv_head * group + r % group, s.states[r].largest);
            add_part(a, &out, s.states[r].largest, total, sums);
            divide_by_total(a, &out);
        }
    }
}

/// Merges the sums of `splits` partial tasks, in order.
static void attention_merge(const sotto_attention *a, int64_t kv_head, int64_t first_token, int64_t end_token,
                            const float *sums, int64_t splits, int64_t split_stride) {
    const int64_t group = a->heads / a->kv_heads, row_floats = attention_row_floats(a);
    for (int64_t r = 0; r < (end_token - first_token) * group; r++) {
        const float *row = sums + r * row_floats;
        float largest = -INFINITY;
        for (int64_t s = 0; s < splits; s++) largest = fmaxf(largest, row[s * split_stride]);
        row_output out = output_of(a, first_token + r / group, kv_head * group + r % group, largest);
        for (int64_t s = 0; s < splits; s++) {
            const float *part = row + s * split_stride;
            if (part[0] != -INFINITY) add_part(a, &out, part[0], part[1], part + LANES);
        }
        divide_by_total(a, &out);
    }
}
