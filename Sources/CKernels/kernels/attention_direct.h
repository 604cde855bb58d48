// Scores and sums of values for a few query rows, straight from the cache, as in decode. Transposing a block of keys,
// as attention.h does for many rows, would cost more than the products. (Included once by each path, after kv_rows.h.)

/// Up to KEY_BLOCK adjacent cache rows of one kv head.
typedef struct cached_block {
    const uint8_t *keys, *values;
    size_t key_bytes, value_bytes;  // of a row
    int64_t count;                  // at least 1
} cached_block;

INLINE cached_block cached_block_at(const sotto_attention *a, const attention_task *task, int64_t first_key) {
    const size_t slot = (size_t)(task->kv_head * a->capacity + first_key);
    const int64_t left = task->end_key - first_key;
    return (cached_block){.keys = (const uint8_t *)a->keys + slot * task->key_bytes,
                          .values = (const uint8_t *)a->values + slot * task->value_bytes,
                          .key_bytes = task->key_bytes,
                          .value_bytes = task->value_bytes,
                          .count = left < KEY_BLOCK ? left : KEY_BLOCK};
}

/// Each path defines what fits in its registers: the scores of ROW_TILE rows and KEY_TILE keys, and VALUE_SUMS(type)
/// vectors of sums of values for the rows of a tile.
_Static_assert((ROW_TILE)*KEY_TILE <= LANES && KEY_BLOCK % KEY_TILE == 0, "a tile's scores are one vector");
enum { VALUE_TILE_MOST = 4 };
#define VALUE_TILE(type, rows) SMALLER(VALUE_SUMS(type) / (rows), VALUE_TILE_MOST)

/// Runs `statement` for tiles of up to ROW_TILE rows starting at `r`, with their number as a constant ROWS.
// clang-format off
#define FOR_ROW_TILES(r, rows, statement)                                                                            \
    for (int64_t r = 0; r < rows; r += ROW_TILE) switch (rows - r) {                                                 \
            case 1: { enum { ROWS = 1 }; statement; break; }                                                         \
            case 2: { enum { ROWS = SMALLER(2, ROW_TILE) }; statement; break; }                                      \
            case 3: { enum { ROWS = SMALLER(3, ROW_TILE) }; statement; break; }                                      \
            default: { enum { ROWS = ROW_TILE }; statement; }                                                        \
        }
// clang-format on

/// Prefetches KEY_TILE rows, because the hardware prefetcher stops at page boundaries. Past the end of the cache this
/// has no effect.
INLINE void prefetch_rows(const uint8_t *rows, size_t row_bytes) {
    for (size_t at = 0; at < KEY_TILE * row_bytes; at += 64) __builtin_prefetch(rows + at);
}

/// sum[r][n] += the products of elements i … i + count - 1, at most 16
INLINE void score_part(sotto_kv_type type, int rows, const uint8_t *const key[KEY_TILE], int64_t i, int64_t count,
                       const float *queries, int64_t size, lane_sum sum[LANES]) {
    f32x16 part[KEY_TILE];
    for (int n = 0; n < KEY_TILE; n++) part[n] = kv_vector(type, key[n], i, count);
    for (int r = 0; r < rows; r++) {
        const f32x16 query = load_some(queries + r * size + i, count);
        for (int n = 0; n < KEY_TILE; n++) {
            lane_sum *s = &sum[r * KEY_TILE + n];
            *s = add_products(*s, query, part[n]);
        }
    }
}

INLINE void score_rows(sotto_kv_type type, int rows, const cached_block *b, const float *queries, int64_t size,
                       float *scores) {
    for (int64_t k = 0; k < b->count; k += KEY_TILE) {
        const uint8_t *key[KEY_TILE];
        for (int n = 0; n < KEY_TILE; n++)  // past the last key, repeat it: those scores are not used
            key[n] = b->keys + (size_t)(k + n < b->count ? k + n : b->count - 1) * b->key_bytes;
        prefetch_rows(b->keys + (size_t)(k + KEY_BLOCK) * b->key_bytes, b->key_bytes);
        prefetch_rows(b->values + (size_t)k * b->value_bytes, b->value_bytes);
        lane_sum sum[LANES] = {0};
        int64_t i = 0;
        for (; i + LANES <= size; i += LANES) score_part(type, rows, key, i, LANES, queries, size, sum);
        if (i < size) score_part(type, rows, key, i, size - i, queries, size, sum);
        const f32x16 score = lane_sums(sum);
        for (int r = 0; r < rows; r++)
            memcpy(scores + r * KEY_BLOCK + k, (const float *)&score + r * KEY_TILE, KEY_TILE * sizeof(float));
    }
}

/// scores[r][k] = queries[r] · keys[k]
static void score_directly(const sotto_attention *a, const cached_block *b, const float *queries, int64_t rows,
                           float *scores) {
    FOR_KV_TYPE(a->kv_type, FOR_ROW_TILES(r, rows,
                                          score_rows((sotto_kv_type)KV_TYPE, ROWS, b, queries + r * a->head_dim,
                                                     a->head_dim, scores + r * KEY_BLOCK)))
}

/// Adds to `vectors` vectors of each row's sums, starting at element i; the last one has `count` elements.
INLINE void add_value_columns(sotto_kv_type type, int rows, int vectors, const cached_block *b, int64_t i,
                              int64_t count, const float *weights, float *sums, int64_t sums_stride) {
    f32x16 sum[ROW_TILE][VALUE_TILE_MOST];
    for (int r = 0; r < rows; r++)
        for (int n = 0; n < vectors; n++) sum[r][n] = f32x16_load(sums + r * sums_stride + i + LANES * n);
    for (int64_t k = 0; k < b->count; k++)
        for (int n = 0; n < vectors; n++) {
            const f32x16 value = kv_vector(type, b->values + (size_t)k * b->value_bytes, i + LANES * n, count);
            for (int r = 0; r < rows; r++) sum[r][n] += value * weights[r * KEY_BLOCK + k];
        }
    for (int r = 0; r < rows; r++)
        for (int n = 0; n < vectors; n++) f32x16_store(sums + r * sums_stride + i + LANES * n, sum[r][n]);
}

INLINE void add_value_rows(sotto_kv_type type, int rows, const cached_block *b, int64_t size, const float *weights,
                           float *sums, int64_t sums_stride) {
    const int tile = VALUE_TILE(type, rows);
    int64_t i = 0;
    for (; i + tile * LANES <= size; i += tile * LANES)
        add_value_columns(type, rows, tile, b, i, LANES, weights, sums, sums_stride);
    for (; i + LANES <= size; i += LANES) add_value_columns(type, rows, 1, b, i, LANES, weights, sums, sums_stride);
    if (i < size) add_value_columns(type, rows, 1, b, i, size - i, weights, sums, sums_stride);
}

/// sums[r] += Σ_k weights[r][k] · values[k]
static void add_values_directly(const sotto_attention *a, const cached_block *b, const float *weights, int64_t rows,
                                float *sums, int64_t sums_stride) {
    FOR_KV_TYPE(a->kv_type, FOR_ROW_TILES(r, rows,
                                          add_value_rows((sotto_kv_type)KV_TYPE, ROWS, b, a->value_dim,
                                                         weights + r * KEY_BLOCK, sums + r * sums_stride, sums_stride)))
}
