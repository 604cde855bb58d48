"""Models to export as ONNX: a tiny random one with a tokenizer, and the default model as a folder; and the two exporters."""
import contextlib
import os
import subprocess
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM  # noqa: E402

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = ("{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
            "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def write_tiny(folder, seed=1):
    """A random Llama of two layers, whose weights are large enough that every part shows, with a tokenizer of bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("i", "n"), ("e", "r"), ("o", "n"), ("a", "n"), ("Ġ", "the"), ("Ġ", "a"), ("r", "e"),
              ("e", "s"), ("an", "d"), ("Ġ", "and"), ("o", "u")]
    tokens = SPECIAL + alphabet + [left + right for left, right in merges]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=SPECIAL[1], eos_token=SPECIAL[2],
                                      pad_token=SPECIAL[2], chat_template=TEMPLATE)
    config = LlamaConfig(
        vocab_size=len(tokens), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, max_position_embeddings=256, tie_word_embeddings=True, bos_token_id=1,
        eos_token_id=2, pad_token_id=2)
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config).eval()
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=random)
            if parameter.dim() < 2:
                parameter.add_(0.2 * noise)
            elif "embed" in name:
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(1.2 * noise / parameter.shape[-1] ** 0.5)
    model.save_pretrained(folder)
    wrapped.save_pretrained(folder)


def write_default(gguf, folder):
    """The weights of a GGUF file in F32, with its tokenizer and template."""
    path, file = os.path.split(os.path.abspath(gguf))
    source = AutoModelForCausalLM.from_pretrained(path, gguf_file=file, dtype=torch.float32)
    config = LlamaConfig(**{key: value for key, value in source.config.to_dict().items() if key != "quantization_config"})
    model = LlamaForCausalLM(config)
    model.load_state_dict(source.state_dict())
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(path, gguf_file=file).save_pretrained(folder)


def logits(folder, tokens):
    """Those of transformers in F32, [tokens][vocabulary]."""
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    with torch.no_grad():
        return model(torch.tensor([tokens])).logits[0].float().numpy()


def export_genai(folder, out, precision):
    """With onnxruntime-genai's builder."""
    command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", str(folder), "-o", str(out), "-p", precision,
               "-e", "cpu", "-c", f"{out}.cache", "--extra_options", "hf_token=false"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr.strip() or result.stdout.strip())


def export_optimum(folder, out, merged=False):
    """With Optimum: one graph that always takes a cache, or one with a branch for the first pass, without."""
    from optimum.exporters.onnx import export, main_export
    from optimum.exporters.onnx.model_configs import LlamaOnnxConfig
    from optimum.onnx import merge_decoders

    out = Path(out)
    with contextlib.redirect_stdout(sys.stderr):
        if not merged:
            main_export(str(folder), output=str(out), task="text-generation-with-past", do_validation=False)
            return
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        out.mkdir(parents=True)
        halves = [out / "without.onnx", out / "with.onnx"]
        for file, has_past in zip(halves, (False, True)):
            config = LlamaOnnxConfig(model.config, task="text-generation", use_past=True, use_past_in_inputs=has_past)
            export(model=model, config=config, output=file, opset=18)
        merge_decoders(*halves, save_path=out / "decoder_model_merged.onnx")
        for file in halves:
            for part in out.glob(f"{file.name}*"):
                part.unlink()
        model.config.save_pretrained(out)
        AutoTokenizer.from_pretrained(folder).save_pretrained(out)
