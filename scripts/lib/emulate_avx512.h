// AVX-512 and AVX-VNNI for scripts/check-avx512: the library SIMDe, and what its version in Debian 12 lacks. Intrinsics
// become functions that use AVX2 or plain vectors.
#pragma once
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#define SOTTO_EMULATED
#define SIMDE_X86_AVX512F_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512BW_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512VL_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512DQ_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512VBMI_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512VNNI_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#define EMULATED static inline __attribute__((always_inline, unused, target("avx2,fma,f16c,bmi,bmi2")))
typedef float emulated_f32x16 __attribute__((vector_size(64)));
typedef int32_t emulated_i32x16 __attribute__((vector_size(64)));
typedef uint32_t emulated_u32x16 __attribute__((vector_size(64)));
typedef uint64_t emulated_u64x8 __attribute__((vector_size(64)));
typedef int16_t emulated_i16x16 __attribute__((vector_size(32)));
typedef uint16_t emulated_u16x32 __attribute__((vector_size(64)));
typedef uint16_t emulated_u16x16 __attribute__((vector_size(32)));
typedef uint16_t emulated_u16x8 __attribute__((vector_size(16)));
typedef int8_t emulated_i8x16 __attribute__((vector_size(16)));
typedef uint8_t emulated_u8x16 __attribute__((vector_size(16)));

// MARK: Shuffles and shifts by a number that is only constant after optimisation

/// 128-bit lanes: two of `a`, then two of `b`.
EMULATED __m512i emulated_lanes(__m512i a, __m512i b, int places) {
    __m128i from[2][4], to[4];
    memcpy(from[0], &a, sizeof a);
    memcpy(from[1], &b, sizeof b);
    for (int i = 0; i < 4; i++) to[i] = from[i / 2][places >> 2 * i & 3];
    memcpy(&a, to, sizeof a);
    return a;
}
/// Words within each 128-bit lane.
EMULATED __m512i emulated_words(__m512i a, int places) {
    uint32_t from[16], to[16];
    memcpy(from, &a, sizeof a);
    for (int i = 0; i < 16; i++) to[i] = from[i / 4 * 4 + (places >> 2 * (i % 4) & 3)];
    memcpy(&a, to, sizeof a);
    return a;
}
#undef _mm512_shuffle_i64x2
#undef _mm512_shuffle_i32x4
#undef _mm512_shuffle_f32x4
#undef _mm512_permute_ps
#undef _mm512_shuffle_epi32
#undef _mm512_slli_epi16
#undef _mm512_srli_epi16
#undef _mm512_srai_epi32
#define _mm512_shuffle_i64x2(a, b, places) emulated_lanes(a, b, places)
#define _mm512_shuffle_i32x4(a, b, places) emulated_lanes(a, b, places)
#define _mm512_shuffle_f32x4(a, b, places) ((__m512)emulated_lanes((__m512i)(a), (__m512i)(b), places))
#define _mm512_permute_ps(a, places) ((__m512)emulated_words((__m512i)(a), places))
#define _mm512_shuffle_epi32(a, places) emulated_words(a, places)
#define _mm512_slli_epi16(a, bits) ((__m512i)((emulated_u16x32)(a) << (uint16_t)(bits)))
#define _mm512_srli_epi16(a, bits) ((__m512i)((emulated_u16x32)(a) >> (uint16_t)(bits)))
#define _mm512_srai_epi32(a, bits) ((__m512i)((emulated_i32x16)(a) >> (int32_t)(bits)))

// MARK: Conversions

EMULATED __m512 emulated_from_halves(__m256i halves) {
    __m128i parts[2];
    memcpy(parts, &halves, sizeof halves);
    const __m256 floats[2] = {_mm256_cvtph_ps(parts[0]), _mm256_cvtph_ps(parts[1])};
    __m512 all;
    memcpy(&all, floats, sizeof all);
    return all;
}
EMULATED __m256i emulated_to_halves(__m512 floats) {
    __m256 parts[2];
    memcpy(parts, &floats, sizeof floats);
    const __m128i halves[2] = {_mm256_cvtps_ph(parts[0], _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
                               _mm256_cvtps_ph(parts[1], _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
    __m256i all;
    memcpy(&all, halves, sizeof all);
    return all;
}
#undef _mm512_cvtps_ph
#define _mm512_cvtps_ph(floats, rounding) emulated_to_halves(floats)
#define _mm512_cvtph_ps emulated_from_halves
#define _mm512_cvtepi32_ps(v) ((__m512) __builtin_convertvector((emulated_i32x16)(v), emulated_f32x16))
#define _mm512_cvtepi32_epi16(v) ((__m256i) __builtin_convertvector((emulated_i32x16)(v), emulated_i16x16))
#define _mm512_cvtepi8_epi32(v) ((__m512i) __builtin_convertvector((emulated_i8x16)(v), emulated_i32x16))
#define _mm512_cvtepu8_epi32(v) ((__m512i) __builtin_convertvector((emulated_u8x16)(v), emulated_u32x16))
#define _mm512_cvtepu16_epi32(v) ((__m512i) __builtin_convertvector((emulated_u16x16)(v), emulated_u32x16))
#define _mm512_cvtepu16_epi64(v) ((__m512i) __builtin_convertvector((emulated_u16x8)(v), emulated_u64x8))

EMULATED __m512i emulated_extended(const void *bytes, size_t count) {
    __m512i v = {0};
    memcpy(&v, bytes, count);
    return v;
}
#define _mm512_zextsi128_si512(v) emulated_extended(&(__m128i){v}, 16)
#define _mm512_zextsi256_si512(v) emulated_extended(&(__m256i){v}, 32)

// MARK: Memory

EMULATED __m512i emulated_gather_words(__m512i index, const void *base) {
    int32_t at[16], words[16];
    memcpy(at, &index, sizeof index);
    for (int i = 0; i < 16; i++) memcpy(&words[i], (const char *)base + 4 * (ptrdiff_t)at[i], 4);
    return emulated_extended(words, sizeof words);
}
EMULATED __m512i emulated_gather_quads(__m512i index, const void *base) {
    int64_t at[8], quads[8];
    memcpy(at, &index, sizeof index);
    for (int i = 0; i < 8; i++) memcpy(&quads[i], (const char *)base + 8 * at[i], 8);
    return emulated_extended(quads, sizeof quads);
}
#undef _mm512_i32gather_epi32
#undef _mm512_i64gather_epi64
#define _mm512_i32gather_epi32(index, base, scale) emulated_gather_words(index, base)
#define _mm512_i64gather_epi64(index, base, scale) emulated_gather_quads(index, base)

/// Reads only the halves that `mask` selects.
EMULATED __m512i emulated_load_halves(__m512i others, uint32_t mask, const void *memory) {
    uint16_t halves[32];
    memcpy(halves, &others, sizeof others);
    for (int i = 0; i < 32; i++)
        if (mask >> i & 1) memcpy(&halves[i], (const char *)memory + 2 * i, 2);
    return emulated_extended(halves, sizeof halves);
}
#define _mm512_mask_loadu_epi16(others, mask, memory) emulated_load_halves(others, mask, memory)
#define _mm512_maskz_loadu_epi16(mask, memory) emulated_load_halves((__m512i){0}, mask, memory)

EMULATED __m128 emulated_load_floats(uint8_t mask, const float *memory) {
    float floats[4] = {0};
    for (int i = 0; i < 4; i++)
        if (mask >> i & 1) floats[i] = memory[i];
    return _mm_loadu_ps(floats);
}
EMULATED void emulated_store_floats(float *memory, uint8_t mask, __m128 v) {
    float floats[4];
    _mm_storeu_ps(floats, v);
    for (int i = 0; i < 4; i++)
        if (mask >> i & 1) memory[i] = floats[i];
}
#define _mm_maskz_loadu_ps(mask, memory) emulated_load_floats(mask, memory)
#define _mm_mask_storeu_ps(memory, mask, v) emulated_store_floats(memory, mask, v)

// MARK: AVX-VNNI

#define _mm256_dpbusd_avx_epi32(sum, a, b) simde_mm256_dpbusd_epi32(sum, a, b)
