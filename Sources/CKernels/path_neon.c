// The bodies for NEON with dot products (Armv8.2): Apple silicon, and 64-bit ARM cores since about 2018.
#if defined(__aarch64__)
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define SOTTO_LANES_NEON
#include "path.h"

#define TILE_TOKENS 4
#define TILE_PANELS 1
#define ROW_TILE 4
#define KEY_TILE 4
#define VALUE_SUMS(type) 4
#define FEW_TOKENS 4
#define SOTTO_PATH_NAME sotto_path_neon

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
