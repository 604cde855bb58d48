// Products of many tokens with quantized weights. (Included once by each path, which defines how many tokens and panels
// a tile keeps in registers: TILE_TOKENS and TILE_PANELS.)

typedef void unpack_function(const void *blocks, weight_chunk *out);

/// `unpack_…` as functions of their own, for where a call does not matter: inlined everywhere, thirty formats would
/// take a minute more to compile.
#define ROW(id, name, suffix, ...)                                                                                     \
    static __attribute__((noinline)) void unpack_apart_##suffix(const void *blocks, weight_chunk *out) {               \
        unpack_##suffix(blocks, out);                                                                                  \
    }
SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW

/// Unpacks a row's last chunk, which has only `cols` weights; the others get a scale and an offset of zero. `readable`
/// bytes can be read at `blocks`: if another row follows, no copy is needed.
INLINE void unpack_part(unpack_function *unpack, const uint8_t *blocks, size_t readable, int64_t cols,
                        size_t chunk_bytes, int group, weight_chunk *out) {
    if (readable >= chunk_bytes) {
        unpack(blocks, out);
    } else {
        uint8_t whole[CHUNK * 2] = {0};
        memcpy(whole, blocks, readable);
        unpack(whole, out);
    }
    const i32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const i32x16 exists = (lane & (CHUNK / group - 1)) < (int32_t)cols / group;
    out->scale = f32x16_select(exists, out->scale, f32x16_set(0));
    out->offset = f32x16_select(exists, out->offset, f32x16_set(0));
}

// MARK: Panels

/// 16 rows of a chunk, transposed so that a vector holds the same four columns (or one scale, or one offset) of all
/// 16 rows.
#if defined(SOTTO_LANES_AVX2) && !defined(SOTTO_LANES_AVX_VNNI)
#define PANEL_VECTORS (CHUNK / 2)  // tile_avx2.h splits weights of eight bits
#else
#define PANEL_VECTORS (CHUNK / 4)
#endif
typedef struct panel_chunk {
    uint32_t q[PANEL_VECTORS][LANES];
    float scale[LANES][LANES], offset[LANES][LANES];
} panel_chunk;

/// Chunks that are unpacked together. With TILE_PANELS panels they stay in the L1 cache for all tokens.
#define SLAB_CHUNKS 2

INLINE void pack_panel(unpack_function *unpack, size_t chunk_bytes, int group, const product *p, int64_t first,
                       int64_t chunk, panel_chunk *out) {
    weight_chunk rows[LANES];
    const uint8_t *end = p->weights + (size_t)p->rows * p->row_bytes;
    const size_t begin = (size_t)chunk * chunk_bytes;
    const int64_t cols = p->cols - chunk * CHUNK;
    for (int64_t r = 0; r < LANES; r++) {
        const int64_t row = first + r < p->rows ? first + r : p->rows - 1;  // rows past the end are not stored
        const uint8_t *blocks = p->weights + (size_t)row * p->row_bytes + begin;
        if (cols >= CHUNK)
            unpack(blocks, &rows[r]);
        else
            unpack_part(unpack, blocks, (size_t)(end - blocks), cols, chunk_bytes, group, &rows[r]);
    }
    const size_t stride = sizeof(weight_chunk) / sizeof(uint32_t);
    for (int i = 0; i < 4; i++) transpose_16x16((const uint32_t *)&rows[0].q[i], stride, out->q[LANES * i], LANES);
    transpose_16x16((const uint32_t *)&rows[0].scale, stride, (uint32_t *)out->scale, LANES);
    transpose_16x16((const uint32_t *)&rows[0].offset, stride, (uint32_t *)out->offset, LANES);
}

/// Writes the panel of 16 rows of a whole chunk.
typedef void panel_function(const uint8_t *const rows[LANES], panel_chunk *out);

#if defined(SOTTO_LANES_AVX512)
#include "panels_avx512.h"
#else
/// A faster way to write the panels of a format, or NULL.
INLINE panel_function *panel_of(int format) {
    (void)format;
    return NULL;
}
#endif

INLINE void pack_whole_panel(panel_function *pack, size_t chunk_bytes, const product *p, int64_t first, int64_t chunk,
                             panel_chunk *out) {
    const uint8_t *rows[LANES];
    for (int64_t r = 0; r < LANES; r++) {
        const int64_t row = first + r < p->rows ? first + r : p->rows - 1;  // rows past the end are not stored
        rows[r] = p->weights + (size_t)row * p->row_bytes + (size_t)chunk * chunk_bytes;
    }
    pack(rows, out);
}

/// Where a tile's sums come from and go to.
typedef struct tile_out {
    const float *from;  // [tokens][from_stride]: the sums of earlier slabs; with a stride of 0, the bias; NULL: zero
    int64_t from_stride;
    float *out;  // [tokens][stride]
    int64_t stride;
    int64_t rows;  // rows of the tile that exist
} tile_out;

/// Sums of a gemm panel between slabs. In the output they would be far apart, often by a power of two, so that many
/// tokens would share a few lines of the caches.
typedef float panel_sums[PART_TOKENS][LANES * TILE_PANELS];

/// The first slab of a panel starts from the bias, and the last one writes to the output.
INLINE tile_out slab_out(const product *p, int64_t row, panel_sums sums, bool first, bool last) {
    tile_out o = {.from = sums[0],
                  .from_stride = LANES * TILE_PANELS,
                  .out = sums[0],
                  .stride = LANES * TILE_PANELS,
                  .rows = p->rows - row};
    if (first) {
        o.from = p->bias ? p->bias + row : NULL;
        o.from_stride = 0;
    }
    if (last) {
        o.out = p->out + row;
        o.stride = p->out_stride;
    }
    return o;
}

INLINE f32x16 tile_start(const tile_out *o, int token, int panel) {
    const int64_t rows = o->rows - LANES * panel;
    if (!o->from || rows <= 0) return f32x16_set(0);
    const float *from = o->from + token * o->from_stride + LANES * panel;
    return rows >= LANES ? f32x16_load(from) : f32x16_load_part(from, rows);
}
INLINE void tile_finish(const tile_out *o, int token, int panel, f32x16 sum) {
    const int64_t rows = o->rows - LANES * panel;
    float *to = o->out + token * o->stride + LANES * panel;
    if (rows >= LANES)
        f32x16_store(to, sum);
    else if (rows > 0)
        f32x16_store_part(to, sum, rows);
}

INLINE void next_tile(tile_out *o) {
    o->out += TILE_TOKENS * o->stride;
    if (o->from) o->from += TILE_TOKENS * o->from_stride;
}

/// Runs `statement` for tiles of up to TILE_TOKENS tokens starting at `t`, with their number as a constant TILE.
// clang-format off
#define FOR_TILES(t, tokens, o, statement)                                                                           \
    for (int64_t t = 0; t < tokens; t += TILE_TOKENS, next_tile(&o)) switch (tokens - t) {                           \
            case 1: { enum { TILE = 1 }; statement; break; }                                                         \
            case 2: { enum { TILE = SMALLER(2, TILE_TOKENS) }; statement; break; }                                   \
            case 3: { enum { TILE = SMALLER(3, TILE_TOKENS) }; statement; break; }                                   \
            case 4: { enum { TILE = SMALLER(4, TILE_TOKENS) }; statement; break; }                                   \
            case 5: { enum { TILE = SMALLER(5, TILE_TOKENS) }; statement; break; }                                   \
            default: { enum { TILE = TILE_TOKENS }; statement; }                                                     \
        }
// clang-format on
#define SMALLER(a, b) ((a) < (b) ? (a) : (b))
_Static_assert(TILE_TOKENS <= 6, "the switch above leaves out no number of tokens");

#if defined(SOTTO_LANES_AVX2) && !defined(SOTTO_LANES_AVX_VNNI)
#include "tile_avx2.h"
#else
#include "tile.h"
#endif

/// All tokens times one slab, whose first chunk is `chunk`.
typedef void slab_function(const panel_chunk (*slab)[TILE_PANELS], int64_t groups, const product *p, int64_t chunk,
                           tile_out o);
#define ROW(group, largest)                                                                                            \
    static void slab_##group##_##largest(const panel_chunk(*slab)[TILE_PANELS], int64_t groups, const product *p,      \
                                         int64_t chunk, tile_out o) {                                                  \
        FOR_TILES(t, p->tokens, o, quantized_tile(slab, groups, group, largest, p, chunk, t, TILE, &o))                \
    }
TILE_KINDS(ROW)
#undef ROW
/// The function for a format: the first that takes its weights. One serves several formats.
INLINE slab_function *slab_of(int group, int largest) {
#define ROW(groups, largest_of_all)                                                                                    \
    if (group == groups && largest <= largest_of_all) return slab_##groups##_##largest_of_all;
    TILE_KINDS(ROW)
#undef ROW
    return NULL;
}

/// Prefetches the weights of a slab: its rows are too far apart for the hardware prefetcher. Past the end of the
/// weights this has no effect.
INLINE void prefetch_slab(const product *p, int64_t row, int64_t chunk, size_t chunk_bytes) {
    for (int64_t r = row; r < row + LANES * TILE_PANELS && r < p->rows; r++) {
        const uint8_t *from = p->weights + (size_t)r * p->row_bytes + (size_t)chunk * chunk_bytes;
        for (size_t i = 0; i < SLAB_CHUNKS * chunk_bytes; i += 64) __builtin_prefetch(from + i, 0, 2);
    }
}

INLINE void gemm_quantized(unpack_function *unpack, panel_function *pack, size_t chunk_bytes, int group, int largest,
                           const product *p, int64_t first, int64_t end) {
    _Alignas(64) panel_chunk slab[SLAB_CHUNKS][TILE_PANELS];
    _Alignas(64) panel_sums sums;
    for (int64_t row = first; row < end; row += LANES * TILE_PANELS)
        for (int64_t chunk = 0; chunk < p->chunks; chunk += SLAB_CHUNKS) {
            for (int64_t c = 0; c < SLAB_CHUNKS && chunk + c < p->chunks; c++)
                for (int n = 0; n < TILE_PANELS; n++) {
                    if (pack && p->cols - (chunk + c) * CHUNK >= CHUNK)
                        pack_whole_panel(pack, chunk_bytes, p, row + LANES * n, chunk + c, &slab[c][n]);
                    else
                        pack_panel(unpack, chunk_bytes, group, p, row + LANES * n, chunk + c, &slab[c][n]);
                    prepare_panel(largest, &slab[c][n]);
                }
            const bool last = chunk + SLAB_CHUNKS >= p->chunks;
            if (last)
                prefetch_slab(p, row + LANES * TILE_PANELS, 0, chunk_bytes);
            else
                prefetch_slab(p, row, chunk + SLAB_CHUNKS, chunk_bytes);
            const int64_t cols = p->cols - chunk * CHUNK;
            const int64_t groups = (cols < SLAB_CHUNKS * CHUNK ? cols : SLAB_CHUNKS * CHUNK) / group;
            slab_of(group, largest)(slab, groups, p, chunk, slab_out(p, row, sums, chunk == 0, last));
        }
}

#define ROW(id, name, suffix, elements, group, largest)                                                                \
    static void gemm_##suffix(const product *p, int64_t first, int64_t end) {                                          \
        gemm_quantized(unpack_apart_##suffix, panel_of(FORMAT_##suffix),                                               \
                       CHUNK / elements * sizeof(struct block_##suffix), group, largest, p, first, end);               \
    }
SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW
