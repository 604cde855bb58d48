// The public table of formats. Dequantization uses the same unpacking as the products.
#include "path.h"

static void dequantize_chunks(void (*unpack)(const void *, weight_chunk *), size_t chunk_bytes, int group, int zero,
                              const uint8_t *blocks, float *out, size_t elements) {
    for (size_t done = 0; done < elements; done += CHUNK, blocks += chunk_bytes) {
        const size_t count = elements - done < CHUNK ? elements - done : CHUNK;
        uint8_t whole[CHUNK * 2] = {0};
        memcpy(whole, blocks, chunk_bytes * count / CHUNK);
        weight_chunk w;
        unpack(whole, &w);
        for (size_t i = 0; i < count; i++)
            out[done + i] = zero ? w.scale[i / (size_t)group] * (float)(w.q[i / 64][i % 64] - zero)
                                 : w.scale[i / (size_t)group] * w.q[i / 64][i % 64] + w.offset[i / (size_t)group];
    }
}

#define ROW(id, name, suffix, elements, group, largest)                                                                \
    static void dequantize_##suffix(const void *blocks, float *out, size_t count) {                                    \
        dequantize_chunks(unpack_##suffix, CHUNK / elements * sizeof(struct block_##suffix), group,                    \
                          zeros[FORMAT_##suffix], blocks, out, count);                                                 \
    }
SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW

/// Whole blocks, and what is left of single weights.
#define ROW(id, name, suffix, elements, bytes)                                                                         \
    static void dequantize_##suffix(const void *blocks, float *out, size_t count) {                                    \
        size_t i = 0;                                                                                                  \
        for (; i + LANES <= count; i += LANES) f32x16_store(out + i, floats_##suffix(blocks, (int64_t)i));             \
        if (i == count) return;                                                                                        \
        uint8_t some[LANES * bytes] = {0};                                                                             \
        memcpy(some, (const uint8_t *)blocks + i / elements * bytes, (count - i) / elements * bytes);                  \
        f32x16_store_part(out + i, floats_##suffix(some, 0), (int64_t)(count - i));                                    \
    }
SOTTO_FLOAT_FORMATS(ROW)
#undef ROW

// clang-format off
static const sotto_format formats[FORMAT_COUNT] = {
#define ROW(id, name, suffix, elements, group, largest)                                               \
    [FORMAT_##suffix] = {id, name, elements, sizeof(struct block_##suffix), dequantize_##suffix,      \
                         &(const sotto_format_kernels){FORMAT_##suffix, true}},
    SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW
#define ROW(id, name, suffix, elements, bytes) \
    [FORMAT_##suffix] = {id, name, elements, bytes, dequantize_##suffix, \
                         &(const sotto_format_kernels){FORMAT_##suffix, false}},
    SOTTO_FLOAT_FORMATS(ROW)
#undef ROW
};
// clang-format on

size_t sotto_format_count(void) { return FORMAT_COUNT; }
const sotto_format *sotto_format_at(size_t index) { return index < FORMAT_COUNT ? &formats[index] : NULL; }
const sotto_format *sotto_format_find(uint32_t ggml_type) {
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].id == ggml_type) return &formats[i];
    return NULL;
}
