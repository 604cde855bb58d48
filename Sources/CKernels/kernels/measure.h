// The inner loops of measure.c. (Included once by each path.)

static uint32_t measure_read(const uint8_t *memory, size_t bytes) {
    u32x16 sums[4] = {0};
    for (size_t i = 0; i < bytes; i += 4 * sizeof(u32x16))
        for (int n = 0; n < 4; n++) sums[n] ^= u32x16_load((const uint32_t *)(memory + i) + LANES * n);
    return __builtin_reduce_xor(sums[0] ^ sums[1] ^ sums[2] ^ sums[3]);
}

/// Makes the compiler assume that a vector's registers are read, so that it neither merges equal steps nor hoists the
/// start of a dot4 out of the loop. (The portable path has no known registers and uses memory, and so does
/// scripts/check-avx512.)
INLINE void keep(i32x16 *v) {
#if defined(SOTTO_LANES_AVX512) && !defined(SOTTO_EMULATED)
    __asm__ volatile("" : "+v"(*v));
#elif defined(SOTTO_LANES_AVX2)
    __m256i part[2];
    memcpy(part, v, sizeof part);
    __asm__ volatile("" : "+x"(part[0]), "+x"(part[1]));
    memcpy(v, part, sizeof part);
#elif defined(SOTTO_LANES_NEON)
    int32x4_t part[4];
    memcpy(part, v, sizeof part);
    __asm__ volatile("" : "+w"(part[0]), "+w"(part[1]), "+w"(part[2]), "+w"(part[3]));
    memcpy(v, part, sizeof part);
#else
    __asm__ volatile("" : "+m"(*v));
#endif
}

/// Independent sums: enough to hide the latency of dot4, few enough to fit in registers.
#if defined(SOTTO_LANES_AVX2) || defined(SOTTO_LANES_NEON)
#define DOT_CHAINS (MEASURE_DOTS / 2)
#else
#define DOT_CHAINS MEASURE_DOTS
#endif

/// Each step performs MEASURE_DOTS dot4 operations.
static int32_t measure_dot(uint8_t seed, int64_t steps) {
    i32x16 sums[DOT_CHAINS];
    const u8x64 a = seed - (u8x64){0};
    i32x16 b = (i32x16)(a & 0x3f);
    for (int n = 0; n < DOT_CHAINS; n++) sums[n] = n - (i32x16){0};
    for (int64_t i = 0; i < steps; i++)
#pragma unroll
        for (int n = 0; n < MEASURE_DOTS; n++) {
            sums[n % DOT_CHAINS] = dot4(sums[n % DOT_CHAINS], a, (i8x64)b, false);
            keep(&sums[n % DOT_CHAINS]);
            keep(&b);
        }
    i32x16 all = {0};
    for (int n = 0; n < DOT_CHAINS; n++) all ^= sums[n];
    return __builtin_reduce_xor(all);
}
