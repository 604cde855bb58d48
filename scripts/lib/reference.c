// The reference (llama.cpp) for scripts/check-families. Linked with libllama of the checkout that scripts/lib/llama.sh
// builds.
//
//     reference logits MODEL CONTEXT LENGTH >FLOATS
//     reference tensors METADATA >LIST
//     reference tokens MODEL <TEXTS >IDS
//
// `logits` computes those of the prompt, token (37 · i + 11) mod vocabulary at each position i, with an F32 cache and
// without flash attention, and prints those of the last 48 positions: [48][vocabulary] little-endian floats. CONTEXT is
// the length of the context, LENGTH that of the prompt, both in tokens.
//
// `tensors` prints the name and the dimensions of every tensor, also of optional ones, that the reference would look
// for in a file with this metadata. METADATA is a GGUF file without tensors.
//
// `tokens` reads texts, each after its length in bytes (32 bits), and prints a line with the tokens of each, without
// special ones.
#include <gguf.h>
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRINTED = 48, BATCH = 512, THREADS = 2 };

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

static void print_tensor(struct ggml_tensor *tensor, void *data) {
    (void)data;
    printf("%s", tensor->name);
    for (int i = 0; i < ggml_n_dims(tensor); i++) { printf(" %lld", (long long)tensor->ne[i]); }
    printf("\n");
    // The values do not matter, but reading uninitialized memory could be slow or trap.
    memset(tensor->data, 0, ggml_nbytes(tensor));
}

static void print_tensors(const char *path) {
    const struct gguf_init_params params = {.no_alloc = true, .ctx = NULL};
    struct gguf_context *metadata = gguf_init_from_file(path, params);
    if (!metadata) { fail("the reference cannot read the metadata"); }
    if (!llama_model_init_from_user(metadata, print_tensor, NULL, llama_model_default_params())) {
        fail("the reference cannot create the model");
    }
}

static void print_tokens(const char *path) {
    struct llama_model_params params = llama_model_default_params();
    params.vocab_only = true;
    struct llama_model *model = llama_model_load_from_file(path, params);
    if (!model) { fail("the reference cannot load the vocabulary"); }
    uint32_t length;
    while (fread(&length, sizeof length, 1, stdin) == 1) {
        char *text = malloc(length + 1);
        llama_token *tokens = malloc((length + 16) * sizeof *tokens);
        if (!text || !tokens || fread(text, 1, length, stdin) != length) { fail("the text ends early"); }
        const int count = llama_tokenize(llama_model_get_vocab(model), text, (int32_t)length, tokens,
                                         (int32_t)length + 16, false, false);
        if (count < 0) { fail("the reference cannot tokenize the text"); }
        for (int i = 0; i < count; i++) { printf("%d ", tokens[i]); }
        printf("\n");
        free(text);
        free(tokens);
    }
}

static struct llama_context *load(const char *path, unsigned length) {
    struct llama_model *model = llama_model_load_from_file(path, llama_model_default_params());
    if (!model) { fail("the reference cannot load the model"); }
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = length;
    params.n_batch = params.n_ubatch = BATCH;
    params.n_threads = params.n_threads_batch = THREADS;
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    struct llama_context *context = llama_init_from_model(model, params);
    if (!context) { fail("the reference cannot make a context"); }
    return context;
}

// Computes tokens `first` to `end` and prints the logits of the last positions of the prompt.
static void print_batch(struct llama_context *context, int vocabulary, int first, int end, int length) {
    struct llama_batch batch = llama_batch_init(end - first, 0, 1);
    batch.n_tokens = end - first;
    for (int i = 0; i < batch.n_tokens; i++) {
        const int position = first + i;
        batch.token[i] = (37 * position + 11) % vocabulary;
        batch.pos[i] = position;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = position >= length - PRINTED;
    }
    if (llama_decode(context, batch) != 0) { fail("the reference cannot compute the prompt"); }
    for (int i = 0; i < batch.n_tokens; i++) {
        if (batch.logits[i]) { fwrite(llama_get_logits_ith(context, i), sizeof(float), (size_t)vocabulary, stdout); }
    }
    llama_batch_free(batch);
}

static void print_logits(struct llama_context *context, int length) {
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context)));
    for (int first = 0; first < length; first += BATCH) {
        const int end = first + BATCH < length ? first + BATCH : length;
        print_batch(context, vocabulary, first, end, length);
    }
}

int main(int count, char **arguments) {
    llama_log_set(print_errors, NULL);
    llama_backend_init();
    if (count == 5 && strcmp(arguments[1], "logits") == 0) {
        print_logits(load(arguments[2], (unsigned)atoi(arguments[3])), atoi(arguments[4]));
    } else if (count == 3 && strcmp(arguments[1], "tensors") == 0) {
        print_tensors(arguments[2]);
    } else if (count == 3 && strcmp(arguments[1], "tokens") == 0) {
        print_tokens(arguments[2]);
    } else {
        fail("usage: reference logits MODEL CONTEXT LENGTH, reference tensors METADATA, or reference tokens MODEL");
    }
    if (fflush(stdout) != 0) { fail("cannot write the result"); }
    return 0;
}
