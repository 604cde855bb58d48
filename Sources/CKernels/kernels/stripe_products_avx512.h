// Products with interleaved matrices, for AVX-512. (Included once by path_avx512.c, after gemm.h and gemv_avx512.h.)
//
// They give the same bits as the products with the matrix itself: gemv_avx512.h adds the products of a row in 16 lanes,
// so here a row has 16 running sums, which get the same products in the same order.

/// What distinguishes formats.
typedef struct stripe_form {
    enum format_index format;
    size_t bytes;   // of a stripe
    int group;      // weights that share a scale
    int together;   // groups that a step unpacks
    int adjacent;   // groups whose products the same sums get, one after another
    int dots;       // vectors of weights whose products are added as integers
    int shifts[4];  // by how many bits the weights of each group of a step are left of the bottom of their byte
    int offset;     // weight = scale · (q - offset) - minimum
    bool minimums;  // or all minimums are zero
    bool apart;     // scales and minima are numbers times those of the block, which multiply the sums of a chunk
} stripe_form;

// Selected by the format rather than by function pointers, which would not be inlined.
INLINE void groups_of(stripe_form form, const void *stripe, int group, stripe_groups *out) {
    switch (form.format) {
#define ROW(suffix)                                                                                                    \
    case FORMAT_##suffix: groups_##suffix(stripe, group, out); break;
        STRIPE_FORMATS(ROW)
#undef ROW
        default: break;
    }
}
INLINE __m512 scale_of(stripe_form form, const void *stripe, int group) {
    switch (form.format) {
#define ROW(suffix)                                                                                                    \
    case FORMAT_##suffix: return scale_##suffix(stripe, group);
        STRIPE_FORMATS(ROW)
#undef ROW
        default: return _mm512_setzero_ps();
    }
}
INLINE __m512 minimum_of(stripe_form form, const void *stripe, int group) {
    switch (form.format) {
        case FORMAT_q4_k: return minimum_q4_k(stripe, group);
        case FORMAT_q5_k: return minimum_q5_k(stripe, group);
        case FORMAT_q2_k: return minimum_q2_k(stripe, group);
        default: return _mm512_setzero_ps();
    }
}

/// A chunk of the input: words and factors to broadcast.
typedef struct stripe_input {
    int32_t x[CHUNK / 4];
    int32_t start[CHUNK / 4];  // where the integer sums start: -offset · Σ x
    float scale[LANES], sum[LANES];
} stripe_input;

/// The running sums of products that a group adds to.
INLINE int sums_of_group(stripe_form form) { return form.group / 4 / form.dots; }

INLINE void prepare_stripes(stripe_form form, const activation_chunk *x, stripe_input *out) {
    memcpy(out->x, x->q, sizeof out->x);
    for (int g = 0; g < CHUNK / form.group; g++) {
        out->sum[g] = form.group == 32 ? x->sum32[g] : x->sum16[g];
        out->scale[g] = x->scale[g * form.group / 32] * (1.0f / (float)(1 << form.shifts[g % form.together]));
    }
    if (!form.offset) return;
    if (sums_of_group(form) == 1) {
        for (int g = 0; g < CHUNK / form.group; g++) {
            int32_t sum = 0;
            for (int i = 0; i < form.group; i++) sum += x->q[g * form.group + i];
            out->start[g] = -form.offset * sum * (1 << form.shifts[g % form.together]);
        }
        return;
    }
    for (int i = 0; i < 4; i++) {
        __m512i starts = start_of(form.offset, _mm512_load_si512(x->q + 64 * i));
        if (form.dots == 2) {
            // Words 4…7 of a group of 32 are added to words 0…3.
            starts = _mm512_add_epi32(starts, _mm512_shuffle_i32x4(starts, starts, 0xb1));
            starts = _mm512_maskz_compress_epi32(0x0f0f, starts);
            starts =
                _mm512_mullo_epi32(starts, _mm512_mask_set1_epi32(_mm512_set1_epi32(1), 0xf0, 1 << form.shifts[1]));
        }
        _mm512_storeu_si512(out->start + LANES / form.dots * i, starts);
    }
}

/// Running sums of 16 rows and a token.
typedef struct stripe_sums {
    __m512 products[LANES], offsets[4];
} stripe_sums;

INLINE void stripe_step(stripe_form form, const uint8_t *stripe, int group, const stripe_input *const in[4],
                        int64_t chunk, int tokens, stripe_sums sums[4]) {
    const int count = sums_of_group(form);
    stripe_groups weights;
    groups_of(form, stripe, group, &weights);
#pragma clang loop unroll(full)
    for (int h = 0; h < form.together; h++) {
        const int g = group + h;
        const __m512 scale = scale_of(form, stripe, g);
        const __m512 minimum = minimum_of(form, stripe, g);
#pragma clang loop unroll(full)
        for (int t = 0; t < tokens; t++) {
            const stripe_input *x = in[t] + chunk;
            const __m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(x->scale[g]));
            if (form.minimums) {
                __m512 *offsets = &sums[t].offsets[g / 2];
                *offsets = _mm512_fnmadd_ps(minimum, _mm512_set1_ps(x->sum[g]), *offsets);
            }
#pragma clang loop unroll(full)
            for (int i = 0; i < count; i++) {
                __m512i dots = form.offset ? _mm512_set1_epi32(x->start[g * count + i]) : _mm512_setzero_si512();
#pragma clang loop unroll(full)
                for (int n = 0; n < form.dots; n++)
                    dots = dot(dots, weights.w[h][n * count + i],
                               _mm512_set1_epi32(x->x[g * form.group / 4 + n * count + i]));
                __m512 *products = &sums[t].products[(g / form.adjacent * count + i) % LANES];
                *products = add_scaled(*products, dots, factor);
            }
        }
    }
}

/// Numbers of a block's groups and what they are multiplied with, for formats whose scales are `apart`.
INLINE __m512 number_of(stripe_form form, const void *stripe, int group) {
    return form.format == FORMAT_q2_k ? number_q2_k(stripe, group) : number_q3_k(stripe, group);
}
INLINE __m512 block_scale_of(stripe_form form, const void *stripe) {
    return form.format == FORMAT_q2_k ? stripe_halves(((const struct stripe_q2_k *)stripe)->d)
                                      : stripe_halves(((const struct stripe_q3_k *)stripe)->d);
}

/// All steps of a chunk, if scales are `apart`. A sum gets the groups of the same place in a pair and the same half of
/// the block: see quarter_input.
INLINE void stripe_apart(stripe_form form, const uint8_t *stripe, const stripe_input *const in[4], int64_t chunk,
                         int tokens, stripe_sums sums[4]) {
    __m512 products[4][4], offsets[4][4];
    for (int t = 0; t < tokens; t++)
        for (int j = 0; j < 4; j++) products[t][j] = offsets[t][j] = _mm512_setzero_ps();
#pragma clang loop unroll(full)
    for (int first = 0; first < CHUNK / form.group; first += form.together) {
        stripe_groups weights;
        groups_of(form, stripe, first, &weights);
#pragma clang loop unroll(full)
        for (int h = 0; h < form.together; h++) {
            const int g = first + h, j = g % 2 + g / 8 * 2;
            const __m512 number = number_of(form, stripe, g);
            for (int t = 0; t < tokens; t++) {
                const stripe_input *x = in[t] + chunk;
                __m512i dots = form.offset ? _mm512_set1_epi32(x->start[g]) : _mm512_setzero_si512();
#pragma clang loop unroll(full)
                for (int i = 0; i < form.dots; i++)
                    dots = dot(dots, weights.w[h][i], _mm512_set1_epi32(x->x[g * form.dots + i]));
                products[t][j] = add_scaled(products[t][j], dots, _mm512_mul_ps(number, _mm512_set1_ps(x->scale[g])));
                if (form.minimums)
                    offsets[t][j] =
                        _mm512_fmadd_ps(minimum_number_q2_k(stripe, g), _mm512_set1_ps(x->sum[g]), offsets[t][j]);
            }
        }
    }
    const __m512 d = block_scale_of(form, stripe);
    for (int t = 0; t < tokens; t++)
        for (int j = 0; j < 4; j++) {
            sums[t].products[j] = _mm512_fmadd_ps(products[t][j], d, sums[t].products[j]);
            if (form.minimums)
                sums[t].offsets[j] = _mm512_fnmadd_ps(
                    offsets[t][j], stripe_halves(((const struct stripe_q2_k *)stripe)->d_min), sums[t].offsets[j]);
        }
}

/// The sums of each row in the order of sums_of_four, which depends on the row's place among four.
INLINE __m512 sum_of_stripe(stripe_form form, const stripe_sums *sums) {
    __m512 v[LANES];
    for (int i = 0; i < LANES; i++) {
        v[i] = sums->products[i];
        if (form.minimums)
            v[i] = _mm512_add_ps(v[i], _mm512_maskz_mov_ps((__mmask16)(0x1111 << i / 4), sums->offsets[i % 4]));
    }
    for (int i = 0; i < 4; i++) v[i] = _mm512_add_ps(_mm512_add_ps(v[i], v[4 + i]), _mm512_add_ps(v[8 + i], v[12 + i]));
    return _mm512_add_ps(_mm512_add_ps(v[0], v[2]), _mm512_add_ps(v[1], v[3]));
}

INLINE void stripe_rows(stripe_form form, const product *p, int64_t row, int64_t token, int tokens) {
    const uint8_t *stripe = p->weights + (size_t)(row / LANES * p->chunks) * form.bytes;
    const stripe_input *in[4];
    for (int t = 0; t < tokens; t++) in[t] = (const stripe_input *)p->prepared + source_of(p, token + t) * p->chunks;
    const int groups = CHUNK / form.group;
    const size_t step_bytes = form.bytes * (size_t)form.together / (size_t)groups;
    stripe_sums sums[4];
    for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < LANES; i++) sums[t].products[i] = _mm512_setzero_ps();
        for (int i = 0; i < 4; i++) sums[t].offsets[i] = _mm512_setzero_ps();
    }
    for (int64_t c = 0; c < p->chunks; c++, stripe += form.bytes) {
        if (form.apart) {
            prefetch_weights(p->prefetch, stripe, form.bytes);
            stripe_apart(form, stripe, in, c, tokens, sums);
        } else if (tokens == 1) {
            // Unrolled, so that the sums stay in registers.
#pragma clang loop unroll(full)
            for (int g = 0; g < groups; g += form.together) {
                prefetch_weights(p->prefetch, stripe + (size_t)(g / form.together) * step_bytes, step_bytes);
                stripe_step(form, stripe, g, in, c, tokens, sums);
            }
        } else {
#pragma clang loop unroll(disable)
            for (int g = 0; g < groups; g += form.together) {
                prefetch_weights(p->prefetch, stripe + (size_t)(g / form.together) * step_bytes, step_bytes);
                stripe_step(form, stripe, g, in, c, tokens, sums);
            }
        }
    }
    for (int t = 0; t < tokens; t++) {
        __m512 result = sum_of_stripe(form, &sums[t]);
        if (p->bias) result = _mm512_add_ps(result, _mm512_loadu_ps(p->bias + row));
        _mm512_storeu_ps(p->out + (token + t) * p->out_stride + row, result);
    }
}

// MARK: Panels

INLINE void unpack_stripe(stripe_form form, const uint8_t *stripe, panel_chunk *out) {
    const int vectors = form.group / 4;
#pragma clang loop unroll(full)
    for (int first = 0; first < CHUNK / form.group; first += form.together) {
        stripe_groups weights;
        groups_of(form, stripe, first, &weights);
        for (int h = 0; h < form.together; h++) {
            const int g = first + h;
            for (int i = 0; i < vectors; i++) {
                const __m512i q = weights.w[h][i];
                _mm512_storeu_si512(out->q[g * vectors + i],
                                    form.shifts[h] ? _mm512_srli_epi16(q, (unsigned)form.shifts[h]) : q);
            }
            const __m512 scale = scale_of(form, stripe, g);
            const __m512 offset = form.minimums ? _mm512_xor_ps(_mm512_set1_ps(-0.0f), minimum_of(form, stripe, g))
                                                : _mm512_mul_ps(scale, _mm512_set1_ps((float)-form.offset));
            _mm512_storeu_ps(out->scale[g], scale);
            _mm512_storeu_ps(out->offset[g], offset);
        }
    }
}

// The fields of stripe_form after `bytes`.
#define STRIPE_FORM_q4_0 32, 2, 1, 2, {0, 4}, 8, false, false
#define STRIPE_FORM_iq4_nl 32, 2, 1, 2, {0}, WIDE_ZERO, false, false
#define STRIPE_FORM_iq4_xs 32, 2, 1, 2, {0}, WIDE_ZERO, false, false
#define STRIPE_FORM_mxfp4 32, 2, 1, 2, {0}, FP4_ZERO, false, false
#define STRIPE_FORM_q8_0 32, 1, 1, 1, {0}, 128, false, false
#define STRIPE_FORM_q4_k 32, 2, 2, 2, {0, 4}, 0, true, false
#define STRIPE_FORM_q5_k 32, 2, 2, 2, {0}, 0, true, false
#define STRIPE_FORM_q6_k 16, 1, 1, 1, {0}, 32, false, false
#define STRIPE_FORM_q2_k 16, 4, 1, 4, {0, 2, 4, 6}, 0, true, true
#define STRIPE_FORM_q3_k 16, 4, 1, 4, {0, 0, 4, 4}, 4, false, true
#define STRIPE_FORM(suffix)                                                                                            \
    (stripe_form) { FORMAT_##suffix, sizeof(struct stripe_##suffix), STRIPE_FORM_##suffix }

#include "stripe_products.h"

#define ROW(suffix)                                                                                                    \
    static void prepare_interleaved_##suffix(const activation_chunk *x, void *out) {                                   \
        prepare_stripes(STRIPE_FORM(suffix), x, out);                                                                  \
    }
STRIPE_FORMATS(ROW)
#undef ROW
#define INTERLEAVED_ROW(suffix)                                                                                        \
    [INTERLEAVED_##suffix] = {gemv_interleaved_##suffix, gemm_interleaved_##suffix, prepare_interleaved_##suffix,      \
                              sizeof(stripe_input), interleave_rows_##suffix},
