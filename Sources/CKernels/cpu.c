// Detects the instruction sets that this processor and this build can run.
#include "path.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

#if defined(__aarch64__)
/// Whether the processor has dot products of four bytes (FEAT_DotProd, optional since Armv8.2).
static bool has_dot_product(void) {
#if defined(__linux__)
    enum { ASIMDDP = 1 << 20 };  // the kernel's HWCAP_ASIMDDP, missing in old headers
    return getauxval(AT_HWCAP) & ASIMDDP;
#elif defined(__APPLE__)
    int has = 0;
    size_t size = sizeof has;
    return sysctlbyname("hw.optional.arm.FEAT_DotProd", &has, &size, NULL, 0) == 0 && has != 0;
#else
    return false;
#endif
}
#endif

const sotto_path *sotto_path_find(sotto_isa isa) {
    switch (isa) {
        case SOTTO_ISA_PORTABLE: return &sotto_path_portable;
#if defined(__x86_64__)
        case SOTTO_ISA_AVX2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
                           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
                       ? &sotto_path_avx2
                       : NULL;
        case SOTTO_ISA_AVX_VNNI:
            return __builtin_cpu_supports("avxvnni") && sotto_path_find(SOTTO_ISA_AVX2) ? &sotto_path_avx_vnni : NULL;
        case SOTTO_ISA_AVX512:
            return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                           __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
                           sotto_path_find(SOTTO_ISA_AVX2)
                       ? &sotto_path_avx512
                       : NULL;
#elif defined(__aarch64__)
        case SOTTO_ISA_NEON: return has_dot_product() ? &sotto_path_neon : NULL;
#endif
        default: return NULL;
    }
}

bool sotto_isa_available(sotto_isa isa) { return sotto_path_find(isa) != NULL; }

sotto_isa sotto_isa_best(void) {
    for (int isa = SOTTO_ISA_NEON; isa > SOTTO_ISA_PORTABLE; isa--)
        if (sotto_isa_available((sotto_isa)isa)) return (sotto_isa)isa;
    return SOTTO_ISA_PORTABLE;
}

const char *sotto_isa_name(sotto_isa isa) {
    switch (isa) {
        case SOTTO_ISA_PORTABLE: return "portable";
        case SOTTO_ISA_AVX2: return "AVX2";
        case SOTTO_ISA_AVX_VNNI: return "AVX2 with VNNI";
        case SOTTO_ISA_AVX512: return "AVX-512";
        case SOTTO_ISA_NEON: return "NEON";
    }
    return "unknown";
}
