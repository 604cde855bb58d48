// The bodies for AVX2 with VNNI: Intel's processors for desktops and laptops from Alder Lake on, which lack AVX-512.
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
#define FEW_TOKENS 4
#define SOTTO_PATH_NAME sotto_path_avx_vnni

#include "bodies/quantize.h"
#include "bodies/quantized_products.h"
#include "bodies/row_products.h"
#include "bodies/float_products.h"
#include "bodies/vectors.h"
#include "bodies/cache_rows.h"
#include "bodies/attend_directly.h"
#include "bodies/attention.h"
#include "bodies/encode.h"
#include "bodies/measure.h"
#include "bodies/path_table.h"
#pragma clang attribute pop
#endif
