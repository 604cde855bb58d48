// The kernels for AVX-512 with VNNI: Ice Lake, Zen 4 and later.
#if defined(__x86_64__)
#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vbmi,fma,f16c,bmi,bmi2"))),             \
    apply_to = function)
#define SOTTO_LANES_AVX512
#include "path.h"

#define TILE_TOKENS 6
#define TILE_PANELS 2
#define ROW_TILE 4
#define KEY_TILE 4
#define VALUE_SUMS(type) 16
#define GEMV_TOKENS 8
#define STRIPE_FORMATS(ROW) SOTTO_INTERLEAVED_FORMATS(ROW)
#define SOTTO_PATH_NAME sotto_path_avx512

#include "kernels/quantize.h"
#include "kernels/gemm.h"
#include "kernels/prefetch.h"
#include "kernels/gemv.h"
#include "kernels/gemv_avx512.h"
#include "kernels/interleave_rows.h"
#include "kernels/stripe_formats_avx512.h"
#include "kernels/stripe_products_avx512.h"
#include "kernels/float_products.h"
#include "kernels/activations.h"
#include "kernels/vectors.h"
#include "kernels/kv_rows.h"
#include "kernels/attention_direct.h"
#include "kernels/attention.h"
#include "kernels/recurrence.h"
#include "kernels/encode.h"
#include "kernels/measure.h"
#include "kernels/path_table.h"
#pragma clang attribute pop
#endif
