// Quantizes weights: checks that the values fit the format and calls the path's quantizer.
#include <float.h>

#include "path.h"

/// The largest magnitude that always fits. The scales of the block formats are half precision.
// clang-format off
static const float reach[FORMAT_COUNT] = {
#define ROW(id, name, suffix, ...) [FORMAT_##suffix] = 65504.0f,
    SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW
    [FORMAT_f16] = 65504.0f,
    [FORMAT_bf16] = 0x1.fep127f,
    [FORMAT_f32] = FLT_MAX,
};
// clang-format on

bool sotto_quantize(const sotto_format *format, sotto_isa isa, const float *x, const float *importance, void *blocks,
                    size_t elements) {
    const sotto_path *path = sotto_path_find(isa);
    const size_t index = format->kernels->index;
    bool fits = path != NULL && path->encode[index] != NULL;
    for (size_t i = 0; i < elements; i++) fits &= fabsf(x[i]) <= reach[index];
    if (fits) path->encode[index](x, importance, blocks, elements);
    return fits;
}
