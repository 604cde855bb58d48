// The kernels for AVX2 with VNNI: Intel's desktop and laptop processors since Alder Lake, which lack AVX-512.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,avxvnni,fma,f16c,bmi,bmi2"))), apply_to = function)
#define SOTTO_LANES_AVX2
#define SOTTO_LANES_AVX_VNNI
#include "path.h"

#define TILE_TOKENS 4
#define TILE_PANELS 1
#define ROW_TILE 4
#define KEY_TILE 2
#define VALUE_SUMS(type) ((type) == SOTTO_KV_Q8_0 ? 8 : 4)  // a Q8_0 block is two vectors with one scale
#define GEMV_TOKENS 4
#define STRIPE_FORMATS(ROW) SOTTO_AVX2_STRIPES(ROW)
#define SOTTO_PATH_NAME sotto_path_avx_vnni

#include "kernels/quantize.h"
#include "kernels/gemm.h"
#include "kernels/prefetch.h"
#include "kernels/gemv.h"
#include "kernels/gemv_grids_avx2.h"
#include "kernels/interleave_rows.h"
#include "kernels/stripe_formats_avx2.h"
#include "kernels/stripe_products_avx2.h"
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
