// Vectors of sixteen 32-bit lanes. All vector code is written once for them; the compiler splits vectors if registers
// are narrower. Only operations that plain vector arithmetic cannot express differ by instruction set, and are here.
//
// Before including this, a path (path_*.c) defines SOTTO_LANES_AVX512, SOTTO_LANES_AVX2, SOTTO_LANES_NEON or none of
// them, and SOTTO_LANES_AVX_VNNI in addition to AVX2.
#ifndef SOTTO_LANES_H
#define SOTTO_LANES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// The calling convention for vectors wider than the baseline registers depends on compiler flags. It does not matter
// here, since every function that takes or returns one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define INLINE static inline __attribute__((always_inline, unused))

typedef float f32x8 __attribute__((vector_size(32)));
typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x8 __attribute__((vector_size(32)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint64_t u64x8 __attribute__((vector_size(64)));
typedef uint16_t u16x8 __attribute__((vector_size(16)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef uint16_t u16x32 __attribute__((vector_size(64)));
typedef uint8_t u8x8 __attribute__((vector_size(8)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x32 __attribute__((vector_size(32)));
typedef uint8_t u8x64 __attribute__((vector_size(64)));
typedef uint64_t u64x4 __attribute__((vector_size(32)));
typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef int8_t i8x64 __attribute__((vector_size(64)));

// MARK: Memory

// clang-format off
#define LOAD_STORE(name, vector, element)                                                                          \
    INLINE vector name##_load(const element *p) { vector v; memcpy(&v, p, sizeof v); return v; }                   \
    INLINE void name##_store(element *p, vector v) { memcpy(p, &v, sizeof v); }
// clang-format on
LOAD_STORE(f32x16, f32x16, float)
LOAD_STORE(f32x8, f32x8, float)
LOAD_STORE(u32x16, u32x16, uint32_t)
LOAD_STORE(u16x32, u16x32, uint16_t)
LOAD_STORE(u8x16, u8x16, uint8_t)
LOAD_STORE(u8x32, u8x32, uint8_t)
LOAD_STORE(u8x64, u8x64, uint8_t)
LOAD_STORE(i8x64, i8x64, int8_t)
LOAD_STORE(i8x16, i8x16, int8_t)
#undef LOAD_STORE

INLINE f32x16 f32x16_set(float x) { return x - (f32x16){0}; }
INLINE f32x8 f32x8_set(float x) { return x - (f32x8){0}; }
INLINE f32x16 f32x16_load_part(const float *p, int64_t count) {
    f32x16 v = {0};
    memcpy(&v, p, (size_t)count * sizeof(float));
    return v;
}
INLINE void f32x16_store_part(float *p, f32x16 v, int64_t count) { memcpy(p, &v, (size_t)count * sizeof(float)); }

// MARK: Across lanes

/// Lanes of `yes` where the mask is all ones, of `no` where it is zero.
INLINE f32x16 f32x16_select(i32x16 mask, f32x16 yes, f32x16 no) {
    return (f32x16)(((i32x16)yes & mask) | ((i32x16)no & ~mask));
}

INLINE float f32x8_sum(f32x8 v) {
    for (int half = 4; half > 0; half /= 2)
        for (int i = 0; i < half; i++) v[i] += v[i + half];
    return v[0];
}
INLINE f32x8 f32x16_low(f32x16 v) { return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7); }
INLINE f32x8 f32x16_high(f32x16 v) { return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15); }
INLINE float f32x16_sum(f32x16 v) { return f32x8_sum(f32x16_low(v) + f32x16_high(v)); }
INLINE float f32x16_max(f32x16 v) {
    f32x8 m = __builtin_elementwise_max(f32x16_low(v), f32x16_high(v));
    for (int half = 4; half > 0; half /= 2)
        for (int i = 0; i < half; i++) m[i] = __builtin_elementwise_max(m[i], m[i + half]);
    return m[0];
}
/// A running sum of products, as wide as one register, so that many of them fit in registers.
#if defined(SOTTO_LANES_AVX512)
#define SUM_LANES 16
#elif defined(SOTTO_LANES_AVX2)
#define SUM_LANES 8
#else
#define SUM_LANES 4
#endif
typedef float lane_sum __attribute__((vector_size(4 * SUM_LANES)));
INLINE lane_sum add_products(lane_sum sum, f32x16 a, f32x16 b) {
    lane_sum x[LANES / SUM_LANES], y[LANES / SUM_LANES];
    memcpy(x, &a, sizeof a);
    memcpy(y, &b, sizeof b);
    for (int i = 0; i < LANES / SUM_LANES; i++) sum += x[i] * y[i];
    return sum;
}
/// Lane l is the sum of the lanes of sums[l]. The sums are first packed into full vectors; then round d folds each
/// vector to runs of d lanes and interleaves those of v[i] and v[i + d].
#define FOLD(d, LOWER, UPPER)                                                                                          \
    for (int i = 0; i < d && d < SUM_LANES; i++)                                                                       \
        v[i] = __builtin_shufflevector(v[i], v[i + d], LOWER) + __builtin_shufflevector(v[i], v[i + d], UPPER);
#define LANES_OF(...) __VA_ARGS__
INLINE f32x16 lane_sums(const lane_sum sums[LANES]) {
    f32x16 v[LANES];
    for (int i = 0; i < LANES; i++)
        memcpy((float *)&v[i % SUM_LANES] + i / SUM_LANES * SUM_LANES, &sums[i], sizeof sums[i]);
    FOLD(8, LANES_OF(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
         LANES_OF(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    FOLD(4, LANES_OF(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
         LANES_OF(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    FOLD(2, LANES_OF(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
         LANES_OF(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    FOLD(1, LANES_OF(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
         LANES_OF(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    return v[0];
}
#undef FOLD
#undef LANES_OF
INLINE f32x16 f32x16_join(f32x8 low, f32x8 high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE u8x32 u8x32_join(u8x16 low, u8x16 high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                                   21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}
INLINE u8x64 u8x64_join(u8x32 low, u8x32 high) {
    u8x64 v;
    memcpy(&v, &low, sizeof low);
    memcpy((char *)&v + sizeof low, &high, sizeof high);
    return v;
}
/// Each lane twice: (0,0,1,1,…,7,7).
INLINE f32x16 f32x8_twice(f32x8 v) {
    return __builtin_shufflevector(v, v, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
}

/// Transposes a 16 x 16 matrix of 32-bit elements in four rounds; round s swaps the off-diagonal s x s squares.
#define SWAP_SQUARES(distance, ...)                                                                                    \
    for (int i = 0; i < LANES; i++)                                                                                    \
        if (!(i & distance)) {                                                                                         \
            u32x16 a = m[i], b = m[i + distance];                                                                      \
            m[i] = __builtin_shufflevector(a, b, __VA_ARGS__);                                                         \
            m[i + distance] = __builtin_shufflevector(b, a, UPPER_##distance);                                         \
        }
#define UPPER_8 24, 25, 26, 27, 28, 29, 30, 31, 8, 9, 10, 11, 12, 13, 14, 15
#define UPPER_4 20, 21, 22, 23, 4, 5, 6, 7, 28, 29, 30, 31, 12, 13, 14, 15
#define UPPER_2 18, 19, 2, 3, 22, 23, 6, 7, 26, 27, 10, 11, 30, 31, 14, 15
#define UPPER_1 17, 1, 19, 3, 21, 5, 23, 7, 25, 9, 27, 11, 29, 13, 31, 15
INLINE void transpose_16x16(const uint32_t *in, size_t in_stride, uint32_t *out, size_t out_stride) {
    u32x16 m[LANES];
    for (int i = 0; i < LANES; i++) m[i] = u32x16_load(in + (size_t)i * in_stride);
    SWAP_SQUARES(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    SWAP_SQUARES(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
    SWAP_SQUARES(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
    SWAP_SQUARES(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
    for (int i = 0; i < LANES; i++) u32x16_store(out + (size_t)i * out_stride, m[i]);
}
#undef SWAP_SQUARES
#undef UPPER_8
#undef UPPER_4
#undef UPPER_2
#undef UPPER_1

// MARK: Operations that depend on the instruction set

/// The representation of zero in weights that use all eight bits: 128, or 0 if the dot product takes signed bytes.
/// Weights of seven bits or less are the same signed and unsigned.
#if defined(SOTTO_LANES_NEON) || (defined(SOTTO_LANES_AVX2) && !defined(SOTTO_LANES_AVX_VNNI))
#define WIDE_ZERO 0
#else
#define WIDE_ZERO 128
#endif

/// acc[l] + Σ_{i<4} a[4l+i] · b[4l+i], a unsigned, b signed in -127…127. `wide` means that a uses all eight bits; if
/// WIDE_ZERO is 0, a is then signed.
INLINE i32x16 dot4(i32x16 acc, u8x64 a, i8x64 b, bool wide) {
#if defined(SOTTO_LANES_AVX512)
    (void)wide;
    return (i32x16)_mm512_dpbusd_epi32((__m512i)acc, (__m512i)a, (__m512i)b);
#elif defined(SOTTO_LANES_AVX_VNNI)
    (void)wide;
    __m256i sums[2], unsigned_bytes[2], signed_bytes[2];
    memcpy(sums, &acc, sizeof acc);
    memcpy(unsigned_bytes, &a, sizeof a);
    memcpy(signed_bytes, &b, sizeof b);
    for (int h = 0; h < 2; h++) sums[h] = _mm256_dpbusd_avx_epi32(sums[h], unsigned_bytes[h], signed_bytes[h]);
    memcpy(&acc, sums, sizeof acc);
    return acc;
#elif defined(SOTTO_LANES_AVX2)
    __m256i halves[2], weights[2], activations[2];
    memcpy(weights, &a, sizeof a);
    memcpy(activations, &b, sizeof b);
    for (int h = 0; h < 2; h++) {
        // The instruction multiplies unsigned by signed bytes, so a weight's sign moves to the activation. The sum of
        // two products fits in 16 bits: 2 · 128 · 127.
        const __m256i magnitudes = wide ? _mm256_abs_epi8(weights[h]) : weights[h];
        const __m256i factors = wide ? _mm256_sign_epi8(activations[h], weights[h]) : activations[h];
        halves[h] = _mm256_madd_epi16(_mm256_maddubs_epi16(magnitudes, factors), _mm256_set1_epi16(1));
    }
    i32x16 sum;
    memcpy(&sum, halves, sizeof sum);
    return acc + sum;
#elif defined(SOTTO_LANES_NEON)
    (void)wide;
    int32x4_t sums[4];
    int8x16_t weights[4], activations[4];
    memcpy(sums, &acc, sizeof acc);
    memcpy(weights, &a, sizeof a);
    memcpy(activations, &b, sizeof b);
    for (int n = 0; n < 4; n++) sums[n] = vdotq_s32(sums[n], weights[n], activations[n]);
    memcpy(&acc, sums, sizeof acc);
    return acc;
#else
    (void)wide;
    for (int i = 0; i < 4; i++) acc += (i32x16)((u32x16)a >> (8 * i) & 0xff) * ((i32x16)b << (24 - 8 * i) >> 24);
    return acc;
#endif
}

/// Groups of four activations that a gemm step loads at once: a dot4 uses one group for all its lanes. x86 broadcasts
/// it from memory; the NEON instruction selects it from a register that holds four groups.
#if defined(SOTTO_LANES_NEON)
#define STEP_FOURS 4
typedef int32x4_t step_fours;
INLINE step_fours step_fours_load(const int8_t *x) { return (step_fours)vld1q_s8(x); }
#else
#define STEP_FOURS 1
typedef int32_t step_fours __attribute__((vector_size(4)));
INLINE step_fours step_fours_load(const int8_t *x) {
    step_fours v;
    memcpy(&v, x, sizeof v);
    return v;
}
#endif

/// Lane l of vector `part` (0…3) is scales[(16·part + l) · 4 / group]: a chunk's scales for its dot4 lanes.
INLINE f32x16 spread_scales(f32x16 scales, int part, int group) {
#if defined(SOTTO_LANES_AVX512)
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i element = _mm512_slli_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32(LANES * part)), 2);
    return (f32x16)_mm512_permutexvar_ps(_mm512_srli_epi32(element, group == 32 ? 5 : 4), (__m512)scales);
#else
    f32x16 v;
    for (int l = 0; l < LANES; l++) v[l] = scales[(LANES * part + l) * 4 / group];
    return v;
#endif
}

/// Lane l is table[index[l]], each index in 0…15.
INLINE u8x64 u8x64_look_up(u8x16 table, u8x64 index) {
#if defined(SOTTO_LANES_AVX512)
    return (u8x64)_mm512_shuffle_epi8(_mm512_broadcast_i32x4((__m128i)table), (__m512i)index);
#elif defined(SOTTO_LANES_AVX2)
    __m256i halves[2];
    memcpy(halves, &index, sizeof index);
    const __m256i twice = _mm256_broadcastsi128_si256((__m128i)table);
    for (int h = 0; h < 2; h++) halves[h] = _mm256_shuffle_epi8(twice, halves[h]);
    memcpy(&index, halves, sizeof index);
    return index;
#elif defined(SOTTO_LANES_NEON)
    uint8x16_t parts[4];
    memcpy(parts, &index, sizeof index);
    for (int n = 0; n < 4; n++) parts[n] = vqtbl1q_u8((uint8x16_t)table, parts[n]);
    memcpy(&index, parts, sizeof index);
    return index;
#else
    u8x64 v;
    for (int l = 0; l < 64; l++) v[l] = table[index[l]];
    return v;
#endif
}
/// Each of eight bytes eight times.
INLINE u8x64 u8x64_spread(uint64_t bytes) {
    u8x16 v = {0};
    memcpy(&v, &bytes, sizeof bytes);
    return __builtin_shufflevector(v, v, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3,
                                   3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6,
                                   6, 6, 7, 7, 7, 7, 7, 7, 7, 7);
}
/// Byte i is 255 if bit i is set, else 0.
INLINE u8x64 u8x64_of_bits(uint64_t bits) {
#if defined(SOTTO_LANES_AVX512)
    return (u8x64)_mm512_movm_epi8(bits);
#else
    const u8x8 eight = {1, 2, 4, 8, 16, 32, 64, 128};
    uint64_t in_each;
    memcpy(&in_each, &eight, sizeof in_each);
    const u64x8 bit = in_each - (u64x8){0};
    return (u8x64)((u8x64_spread(bits) & (u8x64)bit) != 0);
#endif
}
/// Byte i is sum - v[i] if bit i is set, else v[i].
INLINE u8x64 u8x64_mirror(u8x64 v, uint64_t bits, uint8_t sum) {
#if defined(SOTTO_LANES_AVX512)
    return (u8x64)_mm512_mask_sub_epi8((__m512i)v, bits, _mm512_set1_epi8((char)sum), (__m512i)v);
#else
    const u8x64 mask = u8x64_of_bits(bits);
    return (v & ~mask) | ((sum - v) & mask);
#endif
}
/// Makes the compiler store an array that it would otherwise keep in vector registers, because loading single elements
/// is faster than extracting them. (For IQ3_XXS on AVX2, llvm-mca counts 95 cycles per chunk instead of 158.)
#define STORED(array) __asm__("" : "+m"(array))
/// Eight entries of a table, at eight indices.
INLINE u8x64 eights_at(const uint64_t *table, const uint16_t index[8]) {
#if defined(SOTTO_LANES_AVX512)
    const __m512i indices = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)index));
    return (u8x64)_mm512_i64gather_epi64(indices, table, 8);
#elif defined(SOTTO_LANES_AVX2)
    // Loads are scarce: one for four indices, and half of those of entries also insert.
    __m256d halves[2];
    for (int h = 0; h < 2; h++) {
        uint64_t i;
        memcpy(&i, index + 4 * h, sizeof i);
        const double *entry[4] = {(const double *)(table + (i & 0xffff)), (const double *)(table + (i >> 16 & 0xffff)),
                                  (const double *)(table + (i >> 32 & 0xffff)), (const double *)(table + (i >> 48))};
        halves[h] = _mm256_set_m128d(_mm_loadh_pd(_mm_load_sd(entry[2]), entry[3]),
                                     _mm_loadh_pd(_mm_load_sd(entry[0]), entry[1]));
    }
    u8x64 v;
    memcpy(&v, halves, sizeof v);
    return v;
#else
    return (u8x64)(u64x8){table[index[0]], table[index[1]], table[index[2]], table[index[3]],
                          table[index[4]], table[index[5]], table[index[6]], table[index[7]]};
#endif
}
/// Sixteen entries of a table, at sixteen indices.
INLINE u8x64 fours_at(const uint32_t *table, const uint16_t index[16]) {
#if defined(SOTTO_LANES_AVX512)
    const __m512i indices = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)index));
    return (u8x64)_mm512_i32gather_epi32(indices, table, 4);
#else
    u32x16 v;
    for (int i = 0; i < LANES; i++) v[i] = table[index[i]];
    return (u8x64)v;
#endif
}

/// IEEE half precision to single, including infinities and NaNs.
INLINE f32x16 f32x16_from_f16(u16x16 half) {
#if defined(SOTTO_LANES_AVX512)
    return (f32x16)_mm512_cvtph_ps((__m256i)half);
#elif defined(SOTTO_LANES_AVX2)
    __m128i parts[2];
    memcpy(parts, &half, sizeof half);
    return f32x16_join((f32x8)_mm256_cvtph_ps(parts[0]), (f32x8)_mm256_cvtph_ps(parts[1]));
#elif defined(SOTTO_LANES_NEON)
    float16x4_t parts[4];
    float32x4_t wide[4];
    memcpy(parts, &half, sizeof half);
    for (int n = 0; n < 4; n++) wide[n] = vcvt_f32_f16(parts[n]);
    f32x16 v;
    memcpy(&v, wide, sizeof v);
    return v;
#else
    const u32x16 h = __builtin_convertvector(half, u32x16);
    const u32x16 magnitude = (h & 0x7fff) << 13;
    // Scaling by 2^112 adjusts the exponent's bias and normalises denormals; the top exponent means infinity or NaN.
    const f32x16 scaled = (f32x16)magnitude * 0x1p112f;
    const u32x16 special = (u32x16)(magnitude >= (0x7c00u << 13)) & 0x7f800000u;
    return (f32x16)((u32x16)scaled | special | ((h & 0x8000) << 16));
#endif
}
INLINE f32x8 f32x8_from_f16(u16x8 half) {
#if defined(SOTTO_LANES_AVX512) || defined(SOTTO_LANES_AVX2)
    return (f32x8)_mm256_cvtph_ps((__m128i)half);
#else
    u16x16 wide = {0};
    memcpy(&wide, &half, sizeof half);
    return f32x16_low(f32x16_from_f16(wide));
#endif
}
INLINE float f32_from_f16(uint16_t half) { return f32x8_from_f16((u16x8){half})[0]; }

INLINE uint16_t f16_from_f32_bits(uint32_t bits) {
    const uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return (uint16_t)(sign | 0x7e00);
    if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
    float f;
    if (magnitude < 0x38800000) {  // a denormal half: the addition rounds to its last place
        memcpy(&f, &magnitude, sizeof f);
        f += 0.5f;
        uint32_t rounded;
        memcpy(&rounded, &f, sizeof f);
        return (uint16_t)(sign | (rounded - 0x3f000000));
    }
    const uint32_t odd = magnitude >> 13 & 1;
    return (uint16_t)(sign | ((magnitude - 0x38000000 + 0xfff + odd) >> 13));
}
/// Single to half precision, to nearest even.
INLINE u16x16 f16_from_f32x16(f32x16 v) {
#if defined(SOTTO_LANES_AVX512)
    return (u16x16)_mm512_cvtps_ph((__m512)v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#elif defined(SOTTO_LANES_AVX2)
    __m256 parts[2];
    memcpy(parts, &v, sizeof v);
    const __m128i halves[2] = {_mm256_cvtps_ph(parts[0], _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
                               _mm256_cvtps_ph(parts[1], _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
    u16x16 out;
    memcpy(&out, halves, sizeof out);
    return out;
#elif defined(SOTTO_LANES_NEON)
    float32x4_t parts[4];
    float16x4_t halves[4];
    memcpy(parts, &v, sizeof v);
    for (int n = 0; n < 4; n++) halves[n] = vcvt_f16_f32(parts[n]);
    u16x16 out;
    memcpy(&out, halves, sizeof out);
    return out;
#else
    u16x16 out;
    for (int l = 0; l < LANES; l++) out[l] = f16_from_f32_bits(((u32x16)v)[l]);
    return out;
#endif
}

// MARK: Functions

/// The integer nearest to each lane (|v| < 2^22), taken from the low bits after adding 1.5 · 2^23. Not undefined for
/// any value of a lane.
INLINE i32x16 f32x16_round(f32x16 v) { return (i32x16)(v + 12582912.0f) - 0x4b400000; }

/// e^x to about one unit in the last place: e^x = 2^n · e^r with |r| ≤ ln2/2, and e^r as a Taylor sum up to r^7.
/// 0 below -87.3, infinity above 88.7; NaN stays NaN.
INLINE f32x16 f32x16_exp(f32x16 x) {
#if defined(SOTTO_LANES_AVX512)
    // The order of operands matters: the second one is returned if either is NaN.
    const __m512 bounded = _mm512_min_ps(_mm512_set1_ps(88.8f), _mm512_max_ps(_mm512_set1_ps(-87.4f), (__m512)x));
    const f32x16 n = (f32x16)_mm512_roundscale_ps(bounded * 1.44269504f, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
    const f32x16 bounded =
        __builtin_elementwise_min(__builtin_elementwise_max(x, f32x16_set(-87.3f)), f32x16_set(88.7f));
    const f32x16 shifted = bounded * 1.44269504f + 12582912.0f;
    const f32x16 n = shifted - 12582912.0f;
#endif
    f32x16 r =
        (f32x16)bounded - n * 0.693145752f;  // ln2 in two parts, the first with few bits so that n · ln2 is exact
    r = r - n * 1.42860677e-6f;
    f32x16 p = r * (1.0f / 5040) + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
#if defined(SOTTO_LANES_AVX512)
    const __mmask16 counts = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(-87.3f), _CMP_NLT_UQ);
    return (f32x16)_mm512_maskz_scalef_ps(counts, (__m512)p, (__m512)n);
#else
    // Two factors of 2^(n/2): 2^128 is not a float, but 2^64 · 2^64 · p can be one.
    const i32x16 exponent = (i32x16)shifted - 0x4b400000, first = exponent >> 1;
    f32x16 y = p * (f32x16)((first + 127) << 23) * (f32x16)((exponent - first + 127) << 23);
    y = f32x16_select(x < -87.3f, f32x16_set(0), y);
    y = f32x16_select(x > 88.7f, f32x16_set(INFINITY), y);
    return f32x16_select(x != x, x, y);
#endif
}
INLINE f32x16 f32x16_sigmoid(f32x16 x) { return 1.0f / (1.0f + f32x16_exp(-x)); }
/// e^x - 1, accurate also close to zero, where the 1 would swallow e^x.
INLINE f32x16 f32x16_expm1(f32x16 x) {
    f32x16 p = x * (1.0f / 5040) + 1.0f / 720;
    p = p * x + 1.0f / 120;
    p = p * x + 1.0f / 24;
    p = p * x + 1.0f / 6;
    p = p * x + 0.5f;
    return f32x16_select(__builtin_elementwise_abs(x) < 0.35f, p * x * x + x, f32x16_exp(x) - 1);
}
/// ln(1 + x) for x in 0…1 or NaN: 2 · artanh(s), s = x / (2 + x), as a Taylor sum up to s^15.
INLINE f32x16 f32x16_log1p(f32x16 x) {
    const f32x16 s = x / (2 + x), square = s * s;
    f32x16 p = square * (1.0f / 15) + 1.0f / 13;
    for (int odd = 11; odd > 0; odd -= 2) p = p * square + 1.0f / (float)odd;
    return 2 * s * p;
}
INLINE f32x16 f32x16_tanh(f32x16 x) { return 2.0f * f32x16_sigmoid(2.0f * x) - 1.0f; }

#endif
