// Prints the reference's logits for the prompt of scripts/check-families.
//
//     reference_logits MODEL CONTEXT >FLOATS
//
// The prompt is token (37 · i + 11) mod vocabulary at positions 0 to 47. The output is [48][vocabulary] little-endian
// floats, computed in one pass with an F32 cache and without flash attention. CONTEXT is the context length in tokens.
// Linked with libllama of the checkout that scripts/lib/llama.sh builds.
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROMPT_LENGTH = 48, THREADS = 2 };

static void print_errors(enum ggml_log_level level, const char *text, void *data) {
    (void)data;
    static enum ggml_log_level last;
    // A continued line has the level of the line that it continues.
    if (level != GGML_LOG_LEVEL_CONT) { last = level; }
    if (last == GGML_LOG_LEVEL_ERROR) { fputs(text, stderr); }
}

static _Noreturn void fail(const char *message) {
    fprintf(stderr, "error: %s\n", message);
    exit(1);
}

static struct llama_context *make_context(struct llama_model *model, unsigned length) {
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = length;
    params.n_batch = params.n_ubatch = PROMPT_LENGTH;
    params.n_threads = params.n_threads_batch = THREADS;
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    return llama_init_from_model(model, params);
}

int main(int count, char **arguments) {
    if (count != 3) { fail("usage: reference_logits MODEL CONTEXT"); }
    llama_log_set(print_errors, NULL);
    llama_backend_init();
    struct llama_model *model = llama_model_load_from_file(arguments[1], llama_model_default_params());
    if (!model) { fail("the reference cannot load the model"); }
    struct llama_context *context = make_context(model, (unsigned)atoi(arguments[2]));
    if (!context) { fail("the reference cannot make a context"); }
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_batch batch = llama_batch_init(PROMPT_LENGTH, 0, 1);
    batch.n_tokens = PROMPT_LENGTH;
    for (int i = 0; i < PROMPT_LENGTH; i++) {
        batch.token[i] = (37 * i + 11) % vocabulary;
        batch.pos[i] = i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = 1;
    }
    if (llama_decode(context, batch) != 0) { fail("the reference cannot compute the prompt"); }
    for (int i = 0; i < PROMPT_LENGTH; i++) {
        if (fwrite(llama_get_logits_ith(context, i), sizeof(float), (size_t)vocabulary, stdout) != (size_t)vocabulary) {
            fail("cannot write the logits");
        }
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
