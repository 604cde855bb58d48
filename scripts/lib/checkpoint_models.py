"""Tiny random checkpoints of every kind that Sotto opens, and their logits, made by transformers."""
import os
import warnings

warnings.filterwarnings("ignore")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from transformers import AutoConfig, AutoModelForCausalLM  # noqa: E402

VOCABULARY, TOKENS = 96, 48

# What most have in common.
COMMON = dict(
    vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=16, max_position_embeddings=256, bos_token_id=1, eos_token_id=2, pad_token_id=0)
EXPERTS = dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=24)

LATENT = dict(
    num_key_value_heads=4, head_dim=8, kv_lora_rank=24, q_lora_rank=20, qk_nope_head_dim=12, qk_rope_head_dim=8, v_head_dim=10,
    n_routed_experts=8, num_experts_per_tok=2, n_shared_experts=2, moe_intermediate_size=24, first_k_dense_replace=1,
    n_group=1, topk_group=1, routed_scaling_factor=1.5)

LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=64)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=64)
LONG = dict(rope_type="longrope", rope_theta=10000.0, short_factor=[1.0 + 0.1 * i for i in range(4)],
            long_factor=[2.0 + i for i in range(4)])

LINEAR = dict(num_hidden_layers=4, linear_num_key_heads=2, linear_num_value_heads=4, linear_key_head_dim=12,
              linear_value_head_dim=20)
HYBRID = dict(mamba_num_heads=4, mamba_head_dim=20, ssm_state_size=12, n_groups=2, mlp_hidden_act="relu2",
              n_routed_experts=8, moe_intermediate_size=24, moe_shared_expert_intermediate_size=40, n_group=2, topk_group=1,
              num_experts_per_tok=2, routed_scaling_factor=1.5)
CONVOLUTIONS = dict(num_hidden_layers=4, layer_types=["conv", "full_attention", "conv", "full_attention"], block_multiple_of=8)

SECTIONS = dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.25, mrope_section=[1, 1, 0])

# By name: the settings that differ. "kind" is the model_type if it is not the name; "alone" has nothing of COMMON.
# Windows are shorter than the text, every soft cap and factor shows, more experts are there than are used.
MODELS = {
    "llama": dict(rope_parameters=LLAMA3, attention_bias=True, mlp_bias=True),
    "llama-yarn": dict(kind="llama", rope_parameters=YARN, tie_word_embeddings=True),
    "llama-linear": dict(kind="llama", rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=2.0)),
    "mistral": dict(sliding_window=8),
    "mixtral": dict(num_local_experts=6, num_experts_per_tok=2, sliding_window=None),
    "qwen2": dict(use_sliding_window=True, sliding_window=8, max_window_layers=1),
    "qwen2_moe": dict(EXPERTS, shared_expert_intermediate_size=40, norm_topk_prob=True),
    "qwen3": dict(),
    "qwen3_moe": dict(EXPERTS, norm_topk_prob=False, mlp_only_layers=[1]),
    "qwen3_moe-normalized": dict(EXPERTS, kind="qwen3_moe", norm_topk_prob=True),
    "gemma": dict(),
    "gemma2": dict(sliding_window=8, query_pre_attn_scalar=32, attn_logit_softcapping=5.0, final_logit_softcapping=3.0),
    "gemma3_text": dict(sliding_window=8, query_pre_attn_scalar=32, num_hidden_layers=6),
    "gemma3n_text": dict(
        num_hidden_layers=10, intermediate_size=48, sliding_window=8, hidden_size_per_layer_input=8, laurel_rank=4,
        vocab_size_per_layer_input=VOCABULARY, num_kv_shared_layers=4, activation_sparsity_pattern=[0.95] * 3 + [0.0] * 7),
    "gemma4_text": dict(
        num_hidden_layers=6, sliding_window=8, hidden_size_per_layer_input=8, vocab_size_per_layer_input=VOCABULARY,
        global_head_dim=32, final_logit_softcapping=3.0),
    "gemma4_text-experts": dict(
        kind="gemma4_text", num_hidden_layers=6, sliding_window=8, hidden_size_per_layer_input=0, global_head_dim=32,
        enable_moe_block=True, num_experts=6, top_k_experts=2, moe_intermediate_size=24, attention_k_eq_v=True,
        num_global_key_value_heads=1),
    "phi3": dict(sliding_window=8),
    "phi3-long": dict(kind="phi3", head_dim=8, sliding_window=None, original_max_position_embeddings=64, rope_parameters=LONG),
    "gpt_oss": dict(num_local_experts=6, num_experts_per_tok=2, sliding_window=8),
    "glm4": dict(),
    "glm4_moe": dict(
        n_routed_experts=8, num_experts_per_tok=2, n_shared_experts=1, moe_intermediate_size=24, first_k_dense_replace=1,
        n_group=2, topk_group=1, use_qk_norm=True, routed_scaling_factor=1.5),
    "deepseek_v3": dict(LATENT, n_group=4, topk_group=2),
    "deepseek_v3-direct": dict(LATENT, kind="deepseek_v3", q_lora_rank=None, norm_topk_prob=False, attention_bias=True),
    "deepseek_v3-yarn": dict(LATENT, kind="deepseek_v3", rope_parameters=dict(YARN, mscale=1.0, mscale_all_dim=1.0)),
    "deepseek_v3-magnitude": dict(LATENT, kind="deepseek_v3", rope_parameters=YARN),
    "deepseek_v3-halves": dict(
        LATENT, kind="deepseek_v3", n_group=4, topk_group=2, rope_interleave=False,
        rope_parameters=dict(YARN, mscale=0.707, mscale_all_dim=1.3, beta_fast=8.0)),
    "deepseek_v3-tied": dict(LATENT, kind="deepseek_v3", n_shared_experts=1, tie_word_embeddings=True, rms_norm_eps=1e-4),
    "deepseek_v3-halves-direct": dict(LATENT, kind="deepseek_v3", rope_interleave=False, q_lora_rank=None),
    "deepseek_v2": dict(LATENT, q_lora_rank=None, rope_parameters=dict(YARN, mscale=0.707, mscale_all_dim=0.707)),
    "deepseek_v2-groups": dict(
        LATENT, kind="deepseek_v2", topk_method="group_limited_greedy", n_group=4, topk_group=2, mlp_bias=True),
    "granite": dict(embedding_multiplier=3.0, residual_multiplier=0.4, attention_multiplier=0.2, logits_scaling=2.0),
    "olmo2": dict(),
    "olmo3": dict(sliding_window=8, num_hidden_layers=4, rope_parameters=YARN),
    "smollm3": dict(num_hidden_layers=4),
    "cohere2": dict(sliding_window=8, num_hidden_layers=4, logit_scale=0.3),
    "seed_oss": dict(),
    "exaone4": dict(sliding_window=8, sliding_window_pattern=4, num_hidden_layers=4),
    "apertus": dict(),
    "ernie4_5": dict(use_bias=True),
    "nemotron": dict(),
    "stablelm": dict(head_dim=8, use_qkv_bias=True),
    "stablelm-parallel": dict(kind="stablelm", head_dim=8, use_parallel_residual=True, qk_layernorm=True),
    "starcoder2": dict(sliding_window=8),
    "qwen3_next": dict(EXPERTS, **LINEAR, shared_expert_intermediate_size=40, mlp_only_layers=[1]),
    "qwen3_5_text": dict(LINEAR),
    "qwen3_5_moe_text": dict(EXPERTS, **LINEAR, shared_expert_intermediate_size=40),
    "lfm2": dict(CONVOLUTIONS, conv_bias=True),
    "lfm2_moe": dict(CONVOLUTIONS, **EXPERTS, num_dense_layers=1, use_expert_bias=True, routed_scaling_factor=1.0),
    "mamba2": dict(
        alone=True, vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=3, num_heads=4, head_dim=16, state_size=12,
        n_groups=2, bos_token_id=1, eos_token_id=2, pad_token_id=0),
    "nemotron_h": dict(HYBRID, layers_block_type=["linear_attention", "mlp", "full_attention", "linear_attention"]),
    "nemotron_h-experts": dict(
        HYBRID, kind="nemotron_h", layers_block_type=["linear_attention", "moe", "full_attention", "moe"]),
    "nemotron_h-latent": dict(
        HYBRID, kind="nemotron_h", layers_block_type=["linear_attention", "moe", "full_attention", "mlp"],
        moe_latent_size=20, mlp_bias=False),
    "gpt2": dict(alone=True, vocab_size=VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=1,
                 eos_token_id=2),
}


# What GGUF files of these families can say, or llama.cpp reads: other settings for the comparison of converted files. None:
# not compared. (llama.cpp chooses the long factors by the size of its context, and has sizes of Gemma 3n in its code.)
CONVERTED = {
    "mistral": dict(sliding_window=None),
    "qwen2": dict(head_dim=8, use_sliding_window=False),
    "qwen2_moe": dict(head_dim=8, norm_topk_prob=False),
    "qwen3_moe": dict(norm_topk_prob=True, mlp_only_layers=[]),
    "gemma2": dict(query_pre_attn_scalar=16),
    "gemma3_text": dict(query_pre_attn_scalar=16),
    "gemma3n_text": None,
    "phi3": dict(head_dim=8, sliding_window=None),
    "phi3-long": None,
    "olmo2": dict(head_dim=8),
    "olmo3": dict(head_dim=8),
    "cohere2": dict(head_dim=8),
    "exaone4": dict(head_dim=8, sliding_window=None, layer_types=["full_attention"] * 4),
    "deepseek_v3-direct": dict(attention_bias=False),
    "deepseek_v3-tied": dict(rms_norm_eps=1e-6),
    "deepseek_v2-groups": dict(mlp_bias=False, topk_method="greedy", n_group=1, topk_group=1),
    "gpt_oss": dict(rope_parameters=dict(
        rope_type="yarn", rope_theta=150000.0, factor=32.0, original_max_position_embeddings=4096)),
    "ernie4_5": dict(use_bias=False),
    "nemotron": dict(head_dim=8),
    "starcoder2": dict(head_dim=8, sliding_window=None),
    "qwen3_next": dict(linear_value_head_dim=12, mlp_only_layers=[]),
    "qwen3_5_text": dict(linear_value_head_dim=12, rope_parameters=SECTIONS),
    "qwen3_5_moe_text": dict(linear_value_head_dim=12, rope_parameters=SECTIONS),
    "lfm2": dict(head_dim=8, conv_bias=False),
    "lfm2_moe": dict(head_dim=8),
    "nemotron_h": dict(n_group=1),
    "nemotron_h-experts": dict(n_group=1),
    "nemotron_h-latent": dict(n_group=1, layers_block_type=["linear_attention", "moe", "full_attention", "moe"]),
}


def prompt():
    return [(i * 37 + 11) % VOCABULARY for i in range(TOKENS)]


def write(name, folder, seed=1, dtype=torch.float32, changes={}):
    """Writes the checkpoint, with weights large enough that every part shows, and returns its logits in F32."""
    settings = {**MODELS[name], **changes}
    kind = settings.pop("kind", name.split("-")[0])
    if not settings.pop("alone", False):
        settings = {**COMMON, **settings}
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **settings), attn_implementation="eager").eval()
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=random)
            if "A_log" in parameter_name:  # states that last
                parameter.copy_(0.5 * noise - 2)
            elif "dt_bias" in parameter_name:
                parameter.copy_(noise)
            elif parameter.dim() < 2:
                parameter.add_(0.2 * noise)
            elif any(part in parameter_name for part in ("embed", "wte", "wpe")):
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(1.2 * noise / parameter.shape[-1] ** 0.5)
        for buffer_name, buffer in model.named_buffers():
            if "correction_bias" in buffer_name or "layer_scalar" in buffer_name:
                buffer.copy_(1 + 0.2 * torch.randn(buffer.shape, generator=random))
    model.to(dtype).save_pretrained(folder)
    return logits(folder)


def logits(folder):
    """Of a checkpoint, in F32."""
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    with torch.no_grad():
        return model(torch.tensor([prompt()])).logits[0].float().numpy()


def write_adapter(base, folder, seed=3):
    """Writes a LoRA adapter for a checkpoint, and returns the logits of both together in F32."""
    from peft import LoraConfig, get_peft_model

    model = AutoModelForCausalLM.from_pretrained(base, attn_implementation="eager", dtype=torch.float32).eval()
    model = get_peft_model(model, LoraConfig(r=4, lora_alpha=6, target_modules=["q_proj", "v_proj", "down_proj"]))
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=random))
    model.save_pretrained(folder)
    with torch.no_grad():
        return model(torch.tensor([prompt()])).logits[0].float().numpy()
