"""The reference implementation (llama.cpp), called through llama-cpp-python's bindings.

    pip install numpy gguf diskcache typing_extensions jinja2
    export LLAMA_CPP_LIB_PATH=…/llama.cpp/build/bin PYTHONPATH=…/llama_cpp_python   # a build of libllama and the package
"""
import ctypes

import llama_cpp as llama
import numpy as np

F32, F16 = 0, 1  # ggml's type ids


class Reference:
    """A model in a context. Every call starts with an empty cache."""

    def __init__(self, path, context, threads=2, cache_type=F16, flash_attention=True):
        llama.llama_log_set(_silent, ctypes.c_void_p(0))
        llama.llama_backend_init()
        parameters = llama.llama_model_default_params()
        parameters.use_mmap = True
        self.model = llama.llama_model_load_from_file(str(path).encode(), parameters)
        assert self.model, f"cannot load {path}"
        parameters = llama.llama_context_default_params()
        parameters.n_ctx = context
        parameters.n_batch = parameters.n_ubatch = min(context, 512)
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.type_k = parameters.type_v = cache_type
        parameters.flash_attn_type = 1 if flash_attention else 0
        self.context = llama.llama_init_from_model(self.model, parameters)
        assert self.context, f"cannot make a context for {path}"
        self.vocabulary = llama.llama_model_get_vocab(self.model)
        self.size = llama.llama_vocab_n_tokens(self.vocabulary)
        self.bos = llama.llama_vocab_bos(self.vocabulary)
        self.adds_bos = llama.llama_vocab_get_add_bos(self.vocabulary)

    def tokenize(self, text, special=False, parse_special=False):
        data = text.encode()
        buffer = (llama.llama_token * (len(data) + 16))()
        count = llama.llama_tokenize(self.vocabulary, data, len(data), buffer, len(buffer), special, parse_special)
        assert count >= 0
        return list(buffer[:count])

    def clear(self):
        llama.llama_memory_clear(llama.llama_get_memory(self.context), True)

    def logits(self, tokens, first=0, all_positions=True):
        """Appends tokens at position `first`. Returns logits [tokens][vocabulary], or those of the last token."""
        if first == 0:
            self.clear()
        batch = llama.llama_batch_init(len(tokens), 0, 1)
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = first + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = all_positions or index == len(tokens) - 1
        assert llama.llama_decode(self.context, batch) == 0
        wanted = range(len(tokens)) if all_positions else [len(tokens) - 1]
        rows = [
            np.ctypeslib.as_array(llama.llama_get_logits_ith(self.context, index), (self.size,)).copy()
            for index in wanted
        ]
        llama.llama_batch_free(batch)
        return np.stack(rows)

    def greedy(self, tokens, count):
        """The greedy continuation of `count` tokens: [(token, second choice, difference of their logits)]."""
        result = []
        row = self.logits(tokens, all_positions=False)[0]
        for index in range(count):
            second, best = np.argsort(row)[-2:]
            result.append((int(best), int(second), float(row[best] - row[second])))
            row = self.logits([int(best)], first=len(tokens) + index, all_positions=False)[0]
        return result


@llama.llama_log_callback
def _silent(level, text, data):
    pass
