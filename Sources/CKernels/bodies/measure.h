// The innermost loops of measure.c. (Included once by each path.)

static uint32_t measure_read(const uint8_t *memory, size_t bytes) {
    u32x16 sums[4] = {0};
    for (size_t i = 0; i < bytes; i += 4 * sizeof(u32x16))
        for (int n = 0; n < 4; n++) sums[n] ^= u32x16_load((const uint32_t *)(memory + i) + LANES * n);
    return __builtin_reduce_xor(sums[0] ^ sums[1] ^ sums[2] ^ sums[3]);
}

/// Makes the compiler believe that somebody looks at a vector, so that it does not fold equal steps into one. Where a
/// vector is wider than the registers, memory has to do.
#if defined(SOTTO_LANES_AVX512)
#define KEEP(vector) __asm__ volatile("" : "+v"(vector))
#else
#define KEEP(vector) __asm__ volatile("" : "+m"(vector))
#endif

/// Steps of MEASURE_DOT_CHAINS independent dot4's, enough of them to hide the latency of each.
static int32_t measure_dot(uint8_t seed, int64_t steps) {
    i32x16 sums[MEASURE_DOT_CHAINS];
    const u8x64 a = seed - (u8x64){0};
    const i8x64 b = (i8x64)(a & 0x3f);
    for (int n = 0; n < MEASURE_DOT_CHAINS; n++) sums[n] = n - (i32x16){0};
    for (int64_t i = 0; i < steps; i++)
        for (int n = 0; n < MEASURE_DOT_CHAINS; n++) {
            sums[n] = dot4(sums[n], a, b, false);
            KEEP(sums[n]);
        }
    i32x16 all = {0};
    for (int n = 0; n < MEASURE_DOT_CHAINS; n++) all ^= sums[n];
    return __builtin_reduce_xor(all);
}
