// Prefetches the weights of decode: the hardware prefetcher alone leaves a third of the memory bandwidth unused, or
// more. (Included once by each path, before its gemv kernels.)

/// Prefetches `bytes` of weights, at the product's distance from `at`. Past the end of all weights this has no effect.
INLINE void prefetch_weights(weight_prefetch prefetch, const uint8_t *at, size_t bytes) {
    const uintptr_t ahead = (uintptr_t)at + (uintptr_t)prefetch.distance;
    const uint8_t *from = (const uint8_t *)(ahead + (ahead >= prefetch.end ? (uintptr_t)prefetch.jump : 0));
    switch (prefetch.target) {
        case SOTTO_PREFETCH_NONE: break;
        case SOTTO_PREFETCH_L1:
            for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + i, 0, 3);
            break;
        case SOTTO_PREFETCH_L2:
            for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + i, 0, 2);
            break;
    }
}
