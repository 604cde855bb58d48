// The portable path: the kernels compiled for the baseline instruction set. It runs everywhere, including on ARM, and
// is the reference that the other paths are tested against.
#include "path.h"

#define TILE_TOKENS 4
#define TILE_PANELS 1
#define ROW_TILE 4
#define KEY_TILE 2
#define VALUE_SUMS(type) 4
#define GEMV_TOKENS 4
#define SOTTO_SHARED_GEMV  // its speed matters less than the time to compile it
#define SOTTO_PATH_NAME sotto_path_portable

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
