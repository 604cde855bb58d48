// The kernels for NEON with dot products (Armv8.2): Apple silicon, and 64-bit ARM cores since about 2018.
#if defined(__aarch64__)
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define SOTTO_LANES_NEON
#include "path.h"

#define TILE_TOKENS 4
#define TILE_PANELS 1
#define ROW_TILE 4
#define KEY_TILE 4
#define VALUE_SUMS(type) 4
#define GEMV_TOKENS 4
#define SOTTO_PATH_NAME sotto_path_neon

#include "kernels/quantize.h"
#include "kernels/gemm.h"
#include "kernels/prefetch.h"
#include "kernels/gemv.h"
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
