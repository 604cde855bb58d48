// The codes of zero.
#pragma once
#include "formats.h"

/// The codes of zero of the formats whose offsets stand for nothing else: weight = scale · (q - zero). Sums of such
/// differences are exact, keep the sign of a zero, and do not turn the largest scales (2^127 in MXFP4) into infinity
/// minus infinity.
static const int zeros[FORMAT_COUNT] = {
    [FORMAT_q4_0] = 8,
    [FORMAT_q5_0] = 16,
    [FORMAT_q8_0] = WIDE_ZERO,
    [FORMAT_q6_k] = 32,
    [FORMAT_q3_k] = 4,
    [FORMAT_iq4_nl] = WIDE_ZERO,
    [FORMAT_iq4_xs] = WIDE_ZERO,
    [FORMAT_mxfp4] = FP4_ZERO,
    [FORMAT_nvfp4] = FP4_ZERO,
    [FORMAT_tq1_0] = 1,
    [FORMAT_tq2_0] = 1,
    [FORMAT_q1_0] = 1,
    [FORMAT_q2_0] = 1,
    [FORMAT_iq1_m] = 9,
    [FORMAT_iq2_xxs] = MIRROR_IQ2 / 2,
    [FORMAT_iq2_xs] = MIRROR_IQ2 / 2,
    [FORMAT_iq2_s] = MIRROR_IQ2 / 2,
    [FORMAT_iq3_xxs] = MIRROR_IQ3_XXS / 2,
};
