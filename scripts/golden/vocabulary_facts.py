#!/usr/bin/env python3
"""Lists the reference's special tokens of vocabularies.

    scripts/golden/vocabulary_facts.py FILE.gguf… > Tests/TokenizersTests/Golden/vocabulary-facts.jsonl

Needs llama.cpp's Python bindings (pip install llama-cpp-python==0.3.36). Writes one JSON object per line: the file's name,
the tokens that end a reply, whether BOS and EOS are added, and the tokens of a text with special tokens parsed and added.
"""
import json
import os
import sys

import llama_cpp

TEXT = " Hi <|im_end|>\n<eos>  x</s> <|end|>\n <|endoftext|>\n\n<|assistant|> \n y<s> z"

for path in sys.argv[1:]:
    model = llama_cpp.Llama(path, vocab_only=True, verbose=False)
    vocab = llama_cpp.llama_model_get_vocab(model.model)
    count = llama_cpp.llama_vocab_n_tokens(vocab)
    print(json.dumps({
        "file": os.path.basename(path),
        "endOfGeneration": [id for id in range(count) if llama_cpp.llama_vocab_is_eog(vocab, id)],
        "addsBOS": llama_cpp.llama_vocab_get_add_bos(vocab),
        "addsEOS": llama_cpp.llama_vocab_get_add_eos(vocab),
        "text": TEXT,
        "tokens": model.tokenize(TEXT.encode(), add_bos=True, special=True),
    }))
