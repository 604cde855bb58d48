// The table of a path, filled with the kernels included before it. (Included once by each path, which defines
// SOTTO_PATH_NAME and GEMV_TOKENS.)

const sotto_path SOTTO_PATH_NAME = {
    .panel_rows = LANES * TILE_PANELS,
    .gemv_tokens = GEMV_TOKENS,
    .products =
        {
#define ROW(id, name, suffix, ...)                                                                                     \
    [FORMAT_##suffix] = {gemv_##suffix, gemm_##suffix, prepare_##suffix, PREPARED_BYTES_##suffix, NULL},
            PREPARED_GEMV(ROW)
#undef ROW
#define ROW(id, name, suffix, ...) [FORMAT_##suffix] = {gemv_##suffix, gemm_##suffix, ROW_INPUT, NULL},
                CHUNK_GEMV(ROW)
#undef ROW
#define ROW(id, name, suffix, ...) [FORMAT_##suffix] = {gemv_##suffix, gemm_##suffix, NULL, 0, NULL},
                    DIRECT_GEMV(ROW) SOTTO_FLOAT_FORMATS(ROW)
#undef ROW
#ifdef STRIPE_FORMATS
                        STRIPE_FORMATS(INTERLEAVED_ROW)
#endif
        },
    .quantize = quantize,
    .encode =
        {
#define ROW(suffix) [FORMAT_##suffix] = encode_##suffix,
            SOTTO_ENCODED_FORMATS(ROW)
#undef ROW
        },
    .rms_norm = rms_norm,
    .layer_norm = layer_norm,
    .gated = gated,
    .add = add,
    .add_multiple = add_multiple,
    .multiply = multiply,
    .scale = scale,
    .combine = combine,
    .clamp = clamp,
    .cut_off = cut_off,
    .soft_cap = soft_cap,
    .all_finite = all_finite,
    .exp_sum = exp_sum,
    .rope = rope,
    .kv_store = kv_store,
    .attend = attend,
    .attention_merge = attention_merge,
    .convolve = convolve,
    .linear_attention = linear_attention,
    .measure_read = measure_read,
    .measure_dot = measure_dot,
};
