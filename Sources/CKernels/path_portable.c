// The portable path: what the compiler makes of the bodies for the base instruction set. It runs everywhere, ARM
// included, and is the reference that the other paths are held against.
#include "path.h"

#define TILE_TOKENS 4
#define TILE_PANELS 1
#define ROW_TILE 4
#define KEY_TILE 2
#define VALUE_SUMS(type) 4
#define FEW_TOKENS 4
#define SOTTO_PATH_NAME sotto_path_portable

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
