// The public table of formats. Dequantization uses the same unpacking as the products.
#include "path.h"

/// The codes of zero of the formats whose offsets stand for nothing else. There, scale · (q - zero) keeps the sign of a
/// zero, and does not turn the largest scales (2^127 in MXFP4) into infinity minus infinity.
static const int zeros[FORMAT_COUNT] = {
    [FORMAT_q4_0] = 8,
    [FORMAT_q5_0] = 16,
    [FORMAT_q8_0] = WIDE_ZERO,
    [FORMAT_q6_k] = 32,
    [FORMAT_q3_k] = 4,
    [FORMAT_iq4_nl] = WIDE_ZERO,
    [FORMAT_iq4_xs] = WIDE_ZERO,
    [FORMAT_mxfp4] = FP4_ZERO,
    [FORMAT_nvfp4] = FP4_ZERO,
    [FORMAT_tq1_0] = 1,
    [FORMAT_tq2_0] = 1,
    [FORMAT_q1_0] = 1,
    [FORMAT_q2_0] = 1,
    [FORMAT_iq1_m] = 9,
    [FORMAT_iq2_xxs] = MIRROR_IQ2 / 2,
    [FORMAT_iq2_xs] = MIRROR_IQ2 / 2,
    [FORMAT_iq2_s] = MIRROR_IQ2 / 2,
    [FORMAT_iq3_xxs] = MIRROR_IQ3_XXS / 2,
};

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
