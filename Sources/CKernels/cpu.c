// Which instruction sets this processor (and this build) can run.
#include "path.h"

const sotto_path *sotto_path_find(sotto_isa isa) {
    switch (isa) {
        case SOTTO_ISA_SCALAR: return &sotto_path_portable;
#if defined(__x86_64__)
        case SOTTO_ISA_AVX2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
                           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
                       ? &sotto_path_avx2
                       : NULL;
        case SOTTO_ISA_AVX512:
            return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                           __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
                           sotto_path_find(SOTTO_ISA_AVX2)
                       ? &sotto_path_avx512
                       : NULL;
#endif
        default: return NULL;
    }
}

bool sotto_isa_available(sotto_isa isa) { return sotto_path_find(isa) != NULL; }

sotto_isa sotto_isa_best(void) {
    for (int isa = SOTTO_ISA_NEON; isa > SOTTO_ISA_SCALAR; isa--)
        if (sotto_isa_available((sotto_isa)isa)) return (sotto_isa)isa;
    return SOTTO_ISA_SCALAR;
}

const char *sotto_isa_name(sotto_isa isa) {
    switch (isa) {
        case SOTTO_ISA_SCALAR: return "scalar";
        case SOTTO_ISA_AVX2: return "AVX2";
        case SOTTO_ISA_AVX512: return "AVX-512";
        case SOTTO_ISA_NEON: return "NEON";
    }
    return "unknown";
}
