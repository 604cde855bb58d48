// The table of formats. A new format needs one file next to this one, which unpacks a chunk, and one row here.
#pragma once
#include "floats.h"
#include "iq1_m.h"
#include "iq1_s.h"
#include "iq2_s.h"
#include "iq2_xs.h"
#include "iq2_xxs.h"
#include "iq3_s.h"
#include "iq3_xxs.h"
#include "iq4_nl.h"
#include "iq4_xs.h"
#include "mxfp4.h"
#include "nvfp4.h"
#include "q1_0.h"
#include "q2_0.h"
#include "q2_k.h"
#include "q3_k.h"
#include "q4_0.h"
#include "q4_1.h"
#include "q4_k.h"
#include "q5_0.h"
#include "q5_1.h"
#include "q5_k.h"
#include "q6_k.h"
#include "q8_0.h"
#include "tq1_0.h"
#include "tq2_0.h"

/// ROW(ggml type id, name, suffix of block_… and unpack_…, weights per block, weights that share a scale, largest byte
/// of a weight: 255 if weights use all 8 bits, see WIDE_ZERO)
#define SOTTO_QUANTIZED_FORMATS(ROW) SOTTO_PREPARED_FORMATS(ROW) SOTTO_GENERIC_FORMATS(ROW)

/// Formats for which gemv_avx512.h has kernels.
#define SOTTO_PREPARED_FORMATS(ROW)                                                                                    \
    ROW(2, "Q4_0", q4_0, 32, 32, 15)                                                                                   \
    ROW(3, "Q4_1", q4_1, 32, 32, 15)                                                                                   \
    ROW(6, "Q5_0", q5_0, 32, 32, 31)                                                                                   \
    ROW(7, "Q5_1", q5_1, 32, 32, 31)                                                                                   \
    ROW(8, "Q8_0", q8_0, 32, 32, 255)                                                                                  \
    ROW(10, "Q2_K", q2_k, 256, 16, 3)                                                                                  \
    ROW(11, "Q3_K", q3_k, 256, 16, 7)                                                                                  \
    ROW(12, "Q4_K", q4_k, 256, 32, 15)                                                                                 \
    ROW(13, "Q5_K", q5_k, 256, 32, 31)                                                                                 \
    ROW(14, "Q6_K", q6_k, 256, 16, 63)                                                                                 \
    ROW(20, "IQ4_NL", iq4_nl, 32, 32, 255)                                                                             \
    ROW(23, "IQ4_XS", iq4_xs, 256, 32, 255)                                                                            \
    ROW(39, "MXFP4", mxfp4, 32, 32, 24)

/// Formats that use gemv.h also on AVX-512.
#define SOTTO_GENERIC_FORMATS(ROW) SOTTO_CHUNK_FORMATS(ROW) SOTTO_GRID_FORMATS(ROW)

/// Formats that use gemv.h on all paths.
#define SOTTO_CHUNK_FORMATS(ROW)                                                                                       \
    ROW(34, "TQ1_0", tq1_0, 256, 32, 2)                                                                                \
    ROW(35, "TQ2_0", tq2_0, 256, 32, 3)                                                                                \
    ROW(40, "NVFP4", nvfp4, 64, 16, 24)                                                                                \
    ROW(41, "Q1_0", q1_0, 128, 32, 2)                                                                                  \
    ROW(42, "Q2_0", q2_0, 64, 32, 3)

/// Formats for which gemv_grids_avx2.h has kernels.
#define SOTTO_GRID_FORMATS(ROW)                                                                                        \
    ROW(16, "IQ2_XXS", iq2_xxs, 256, 32, 86)                                                                           \
    ROW(17, "IQ2_XS", iq2_xs, 256, 16, 86)                                                                             \
    ROW(18, "IQ3_XXS", iq3_xxs, 256, 32, 62)                                                                           \
    ROW(19, "IQ1_S", iq1_s, 256, 32, 16)                                                                               \
    ROW(21, "IQ3_S", iq3_s, 256, 32, 15)                                                                               \
    ROW(22, "IQ2_S", iq2_s, 256, 16, 86)                                                                               \
    ROW(29, "IQ1_M", iq1_m, 256, 16, 18)

/// ROW(ggml type id, name, suffix of floats_…, weights per block, bytes per block). F8 has an id that ggml does not
/// use.
#define SOTTO_FLOAT_FORMATS(ROW)                                                                                       \
    ROW(0, "F32", f32, 1, 4)                                                                                           \
    ROW(1, "F16", f16, 1, 2)                                                                                           \
    ROW(24, "I8", i8, 1, 1)                                                                                            \
    ROW(25, "I16", i16, 1, 2)                                                                                          \
    ROW(26, "I32", i32, 1, 4)                                                                                          \
    ROW(27, "I64", i64, 1, 8)                                                                                          \
    ROW(28, "F64", f64, 1, 8)                                                                                          \
    ROW(30, "BF16", bf16, 1, 2)                                                                                        \
    ROW(0x10000, "F8_E4M3", f8_e4m3, 64, 68)

/// ROW(suffix of encode_…): the formats that floats can be quantized to
// clang-format off
#define SOTTO_ENCODED_FORMATS(ROW)                                                \
    ROW(q4_0) ROW(q4_1) ROW(q5_0) ROW(q5_1) ROW(q8_0)                             \
    ROW(q2_k) ROW(q3_k) ROW(q4_k) ROW(q5_k) ROW(q6_k)                             \
    ROW(iq4_nl) ROW(iq4_xs) ROW(mxfp4)                                            \
    ROW(f32) ROW(f16) ROW(bf16)
// clang-format on

enum format_index {
#define ROW(id, name, suffix, ...) FORMAT_##suffix,
    SOTTO_QUANTIZED_FORMATS(ROW) SOTTO_FLOAT_FORMATS(ROW)
#undef ROW
        FORMAT_COUNT
};

#define ROW(id, name, suffix, elements, group, largest) enum { GROUP_##suffix = group, LARGEST_##suffix = largest };
SOTTO_QUANTIZED_FORMATS(ROW)
#undef ROW
