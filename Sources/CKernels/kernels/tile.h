// Tiles of products of many tokens: a few tokens times the rows of one or two panels, in registers. (Included by
// gemm.h.)

/// ROW(weights that share a scale, largest byte of a weight)
#define TILE_KINDS(ROW) ROW(32, 127) ROW(32, 255) ROW(16, 127)

/// Brings a panel into the form that tiles use.
INLINE void prepare_panel(int largest, panel_chunk *panel) { (void)largest, (void)panel; }

INLINE void quantized_tile(const panel_chunk (*slab)[TILE_PANELS], int64_t groups, int group, int largest,
                           const product *p, int64_t chunk, int64_t token, int tokens, const tile_out *o) {
    const activation_chunk *xt[TILE_TOKENS];
    for (int t = 0; t < tokens; t++) xt[t] = p->activations + source_of(p, token + t) * p->chunks + chunk;
    f32x16 sum[TILE_TOKENS][TILE_PANELS];
    for (int t = 0; t < tokens; t++)
        for (int n = 0; n < TILE_PANELS; n++) sum[t][n] = tile_start(o, t, n);
    for (int64_t first = 0; first < groups; first += CHUNK / group, slab++) {
        const panel_chunk *panels = *slab;
        const int64_t count = SMALLER(groups - first, CHUNK / group);
        for (int64_t g = 0; g < count; g++) {
            i32x16 dots[TILE_TOKENS][TILE_PANELS] = {0};
#pragma unroll
            for (int i = 0; i < group / 4; i += STEP_FOURS) {
                step_fours fours[TILE_TOKENS];
                for (int t = 0; t < tokens; t++) fours[t] = step_fours_load(xt[t]->q + g * group + 4 * i);
#pragma unroll
                for (int step = 0; step < STEP_FOURS; step++)
                    for (int t = 0; t < tokens; t++) {
                        const i8x64 four = (i8x64)(fours[t][step] - (i32x16){0});
                        for (int n = 0; n < TILE_PANELS; n++) {
                            u8x64 w;
                            memcpy(&w, panels[n].q[g * (group / 4) + i + step], sizeof w);
                            dots[t][n] = dot4(dots[t][n], w, four, largest > 127);
                        }
                    }
            }
            for (int n = 0; n < TILE_PANELS; n++) {
                const f32x16 scale = f32x16_load(panels[n].scale[g]), offset = f32x16_load(panels[n].offset[g]);
                for (int t = 0; t < tokens; t++) {
                    sum[t][n] += __builtin_convertvector(dots[t][n], f32x16) * (scale * xt[t]->scale[g * group / 32]);
                    sum[t][n] += offset * (group == 32 ? xt[t]->sum32 : xt[t]->sum16)[g];
                }
            }
        }
        for (int t = 0; t < tokens; t++) xt[t]++;
    }
    for (int t = 0; t < tokens; t++)
        for (int n = 0; n < TILE_PANELS; n++) tile_finish(o, t, n, sum[t][n]);
}
