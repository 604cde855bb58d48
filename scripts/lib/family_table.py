"""What the files of each family contain. See family_models.py."""

FAMILIES = """
afmoe apertus arcee arctic baichuan bailingmoe bailingmoe2 bitnet bloom chatglm codeshell cohere2 cohere2moe command-r dbrx
deci deepseek deepseek2 dots1 ernie4_5 ernie4_5-moe exaone exaone-moe exaone4 falcon gemma gemma2 gemma3 gemma3n gemma4 glm4 glm4moe gpt-oss
gpt2 gptneox granite granite_swa granitemoe grok grovemoe hunyuan-dense hunyuan-moe hunyuan_vl hy_v3 internlm2 jais jais2
laguna lfm2 lfm2moe llama llama4 maincoder mamba2 maple mellum mimo2 minicpm minimax-m2 mistral3 mpt muse-glimmer nanbeige
nemotron nemotron_h nemotron_h_moe olmo olmo2 olmoe openelm orion paddleocr pangu-embedded phi2 phi3 phimoe plamo plamo3 plm
qwen qwen2 qwen2moe qwen2vl qwen3 qwen35 qwen35moe qwen3moe qwen3next qwen3vl qwen3vlmoe refact seed_oss smallthinker smollm3 spark2_5 stablelm starcoder starcoder2 step35 talkie xverse
""".split()

# Families of which each layer with experts, or each after the first, has them.
EXPERTS = set("""
afmoe arctic bailingmoe bailingmoe2 cohere2moe dbrx deepseek deepseek2 dots1 ernie4_5-moe exaone-moe glm4moe gpt-oss granitemoe grok
grovemoe hunyuan-moe hy_v3 laguna lfm2moe llama4 maple mellum mimo2 minimax-m2 nemotron_h_moe olmoe phimoe qwen2moe qwen35moe
qwen3moe qwen3next qwen3vlmoe smallthinker step35
""".split())

# Families whose layers may have experts.
EXPERTS_TOO = {"gemma4", "granite", "granite_swa", "llama", "minicpm", "mistral3"}
# Families whose layers may have experts or not. Ours have them from the second layer on.
EXPERTS_BY_LAYER = {"hy_v3", "mimo2", "step35"}
# Families whose files may end in layers that predict further tokens. They are not used.
PREDICTING = {"bailingmoe2", "cohere2moe", "exaone-moe", "exaone4", "glm4", "glm4moe", "hy_v3", "mimo2", "step35"}

# The value of a key that a file lacks.
ABSENT = None

COMMON = {
    "vocab_size": 32, "context_length": 256, "embedding_length": 16, "feed_forward_length": 24, "block_count": 2,
    "attention.head_count": 4, "attention.head_count_kv": 2, "attention.key_length": 8, "attention.value_length": 8,
    "rope.dimension_count": 8, "rope.freq_base": 500.0,
}
WITH_EXPERTS = {"expert_count": 4, "expert_used_count": 2}

# Keys that only some families read: the value, and others that must change the logits.
KEYS = {
    "attention.clamp_kqv": (0.8, 0.3),
    "attention.key_length_mla": (10, 14),
    "attention.key_length_swa": (8, 4),
    "attention.kv_lora_rank": (8, 12),
    "attention.layer_norm_epsilon": (0.01, 0.3),
    "attention.layer_norm_rms_epsilon": (0.01, 0.3),
    "attention.max_alibi_bias": (8.0, 2.0),
    "attention.q_lora_rank": (6, 10, 0),
    "attention.output_scale": (0.5, 0.2),
    "attention.scale": (0.4, 0.1),
    "attention.shared_kv_layers": (2, 0),
    "attention.sliding_window": (8, 5, 0),
    "attention.sliding_window_pattern": (2, 3),
    "attention.temperature_length": (8, 3),
    "attention.temperature_scale": (0.3, 0.8),
    "attention.value_length_mla": (6, 14),
    "attention.value_length_swa": (8, 4),
    "attention.value_scale": (0.6, 1.5),
    "attn_logit_softcapping": (2.0, 0.5),
    "embedding_length_per_layer_input": (4, 6, 0),
    "embedding_scale": (1.7, 0.6),
    "expert_chunk_feed_forward_length": (6, 10),
    "expert_feed_forward_length": (12, 20),
    "expert_gating_func": (2, 1, 3, 4),
    "expert_group_scale": (0.3, 1.2),
    "expert_shared_count": (1, 2),
    "expert_shared_feed_forward_length": (10, 14),
    "expert_weights_norm": (True, False),
    "expert_weights_scale": (1.6, 0.7),
    "experts_per_group": (1, 2),
    "final_logit_softcapping": (3.0, 1.0),
    "full_attention_interval": (2,),
    "interleave_moe_layer_step": (2, 1),
    "leading_dense_block_count": (1, 0),
    "logit_scale": (0.7, 1.5),
    "num_loops": (2, 3),
    "residual_scale": (0.6, 1.3),
    "rope.dimension_count_swa": (8, 4),
    "rope.dimension_sections": ([2, 1, 1, 0], [1, 1, 1, 1]),
    "rope.freq_base_swa": (50.0, 2000.0),
    "rope.scaling.finetuned": (True, False),
    "rope.scaling.yarn_attn_factor": (1.0, 1.4),
    "rope.scaling.yarn_beta_fast": (32.0, 4.0),
    "rope.scaling.yarn_beta_slow": (1.0, 0.2),
    "rope.scaling.yarn_ext_factor": (1.0, 0.3),
    "rope.scaling.yarn_log_multiplier": (0.1, 0.9),
    "router_logit_softcapping": (2.0, 0.5),
    "shortconv.l_cache": (3,),
    "skip_loop_final_norm": (False, True),
    "ssm.conv_kernel": (4,),
    "ssm.group_count": (2,),
    "ssm.inner_size": (32,),
    "ssm.state_size": (8,),
    "ssm.time_step_rank": (4,),
    "swiglu_clamp_exp": (0.5, 0.2),
    "swiglu_clamp_shexp": (0.4, 0.2),
    "use_parallel_residual": (True, False),
}
YARN = {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 16}
LINEAR = {"rope.scaling.type": "linear", "rope.scaling.factor": 2.0}
NOT_SCALED = dict.fromkeys([*YARN, "rope.scaling.attn_factor"], ABSENT)
# Changes of every family. What a family cannot do, the reference refuses.
COMMON_CHANGES = {
    "freq-base": {"rope.freq_base": 10000.0},
    "no-freq-base": {"rope.freq_base": ABSENT},
    "not-scaled": NOT_SCALED,
    "linear": NOT_SCALED | LINEAR,
    "old-linear": NOT_SCALED | {"rope.scale_linear": 2.0},
    "yarn": YARN,
    "yarn-factor": YARN | {"rope.scaling.attn_factor": 1.4},
    "partial-rope": {"rope.dimension_count": 4},
    "partial-rope-of-four": {"rope.dimension_count": 2},
    "as-many-kv-heads": {"attention.head_count_kv": 4},
    "one-kv-head": {"attention.head_count_kv": 1},
    "head-size": {"attention.key_length": 12, "attention.value_length": 12, "rope.dimension_count": 12},
    "hidden-size": {
        "embedding_length": 32, "attention.key_length": 8, "attention.value_length": 8, "rope.dimension_count": 8},
    "value-size": {"attention.value_length": 6},
}
EXPERT_CHANGES = {
    "one-expert": {"expert_used_count": 1},
    "all-experts": {"expert_used_count": 4},
    "groups": {"expert_count": 8, "expert_group_count": 4, "expert_group_used_count": 2},
    "one-group": {"expert_count": 8, "expert_group_count": 2, "expert_group_used_count": 1},
}
# Families that need heads of hidden size / heads.
EQUAL_HEADS = set("""
arctic bailingmoe2 bitnet bloom chatglm codeshell cohere2 command-r dbrx deepseek dots1 exaone4 falcon gpt2 gptneox grok
internlm2 jais lfm2 lfm2moe mpt nemotron olmo olmo2 olmoe orion phi2 phi3 phimoe plamo qwen qwen2 qwen2moe stablelm starcoder starcoder2
xverse
""".split())
SMALL_HEADS = {"attention.key_length": 4, "attention.value_length": 4, "rope.dimension_count": 4}
# Values of single families that replace those above.
OVERRIDES = {
    "apertus": {
        "xielu.alpha_n": [0.8, 1.3], "xielu.alpha_p": [0.6, 1.1], "xielu.beta": [0.5, 0.7], "xielu.eps": [-1e-6, -0.2],
    },
    # The number of layers decides between RoPE and ALiBi.
    "baichuan": SMALL_HEADS | {
        "block_count": 32, "embedding_length": 8, "feed_forward_length": 8, "attention.head_count": 2,
        "attention.head_count_kv": 2,
    },
    "bailingmoe2": {"expert_count": 8, "expert_group_count": 4, "expert_group_used_count": 2},
    # Keys and values of all heads are one, the latent vector and the rotated part.
    "deepseek2": YARN | {
        "attention.head_count_kv": 1, "attention.kv_lora_rank": 8, "attention.key_length": 12, "attention.value_length": 8,
        "rope.dimension_count": 4,
    },
    "dots1": {"attention.head_count_kv": 4},
    # Every layer after the first has experts' tensors, and the reference needs that they are used.
    "ernie4_5-moe": {"interleave_moe_layer_step": 1},
    # Only with this number of layers are there windows.
    "exaone4": {"block_count": 64, "feed_forward_length": 8},
    "gemma3": {"rope.scaling.type": "linear", "rope.scaling.factor": 8.0},
    # From layer 20 on, keys and values are shared. Smaller sizes amplify rounding errors.
    "gemma3n": SMALL_HEADS | {
        "block_count": 22, "embedding_length": 8, "feed_forward_length": 8, "vocab_size": 8, "attention.head_count": 2,
        "attention.head_count_kv": 1,
    },
    # The two layers before the shared ones are one of each kind.
    "gemma4": {
        "block_count": 5, "attention.sliding_window_pattern": [True, True, False, True, False],
        "attention.key_length_swa": 4, "attention.value_length_swa": 4, "rope.dimension_count_swa": 4,
    },
    "gpt-oss": YARN,
    "granite_swa": {"attention.sliding_window_pattern": [True, True, False, True], "attention.rope_pattern": [1, 0, 1, 1]},
    "grok": YARN,
    "laguna": YARN,
    "lfm2": {"block_count": 4, "attention.head_count_kv": [0, 2, 0, 2]},
    "lfm2moe": {"block_count": 4, "attention.head_count_kv": [0, 2, 0, 2]},
    "mamba2": {"attention.head_count": 0, "attention.head_count_kv": 0, "feed_forward_length": 0},
    "maple": {"attention.sliding_window_pattern": [True, False, True, False]},
    "mimo2": {"attention.sliding_window_pattern": [True, False, True, False]},
    "mistral3": YARN,
    # A state space, a network, attention, and another state space or network.
    "nemotron_h": {
        "block_count": 4, "attention.head_count_kv": [0, 0, 2, 0], "feed_forward_length": [0, 24, 0, 0],
    },
    "nemotron_h_moe": {
        "block_count": 4, "attention.head_count_kv": [0, 0, 2, 0], "feed_forward_length": [0, 12, 0, 12],
    },
    # The reference divides keys and queries by their length or by epsilon, whichever is larger, others by a sum of both.
    **dict.fromkeys(["qwen3next", "qwen35", "qwen35moe"], {"attention.layer_norm_rms_epsilon": 1e-6}),
    # Norms of keys and queries have the same size.
    "mpt": {"attention.head_count_kv": 4},
    "olmoe": {"attention.head_count_kv": 4},
    "phi3": {"rope.scaling.original_context_length": 256},
    "plm": {"attention.head_count_kv": 4, "attention.key_length": 12, "rope.dimension_count": 4},
    "qwen": {"attention.head_count_kv": 4},
    # The reference takes zero for epsilon, whatever the file says.
    "qwen2vl": {"embedding_length": 32, "attention.layer_norm_rms_epsilon": 1e-9},
    # Every fourth layer has no RoPE, but all have it if there are four.
    "smallthinker": {"block_count": 5},
    # Every fourth layer has no RoPE.
    "smollm3": {"block_count": 4},
    "spark2_5": {"attention.sliding_window_pattern": [True, False, True, False]},
    "step35": {
        "attention.sliding_window_pattern": [True, False, True, False],
        "swiglu_clamp_exp": [0.5, 0.0, 0.3, 0.8], "swiglu_clamp_shexp": [0.0, 0.4, 0.2, 0.6],
    },
}
OTHER_PATTERN = {"attention.sliding_window_pattern": [False, True, True, False]}
# Changes of single families. `prompt` is the length of the prompt; it is 48 otherwise.
CHANGES = {
    "apertus": {
        "alpha_n": {"xielu.alpha_n": [1.5, -0.4]}, "alpha_p": {"xielu.alpha_p": [0.1, -0.8]}, "beta": {"xielu.beta": 1.2},
        "eps": {"xielu.eps": [-0.7, -1e-6]},
    },
    "baichuan": {"alibi": {"block_count": 40}},
    # Without one epsilon, the norm of the other kind is used.
    "cohere2moe": {"layer-norm": {"attention.layer_norm_rms_epsilon": ABSENT, "attention.layer_norm_epsilon": 0.3},
                   "shared-count": {"expert_shared_feed_forward_length": ABSENT, "expert_shared_count": 2}},
    "deepseek2": {
        "rank": {"attention.kv_lora_rank": 12, "attention.key_length": 16, "attention.value_length": 12},
        # As older files are.
        "joined": {
            "attention.head_count_kv": 4, "attention.key_length": 10, "attention.value_length": 6,
            "attention.key_length_mla": ABSENT, "attention.value_length_mla": ABSENT},
    },
    "exaone4": {"no-windows": {"block_count": 4}},
    "exaone-moe": {"shared-count": {"expert_shared_feed_forward_length": ABSENT, "expert_shared_count": 2}},
    # With this number of layers, attention is scaled differently.
    "gemma2": {"27b": SMALL_HEADS | {"block_count": 46, "feed_forward_length": 8, "embedding_length": 24}},
    "gemma3": {"27b": SMALL_HEADS | {"block_count": 62, "feed_forward_length": 8, "embedding_length": 24}},
    "gemma3n": {"ffn-by-layer": {"embedding_length": 16, "feed_forward_length": [8, 12] * 11}},
    "gemma4": {
        "pattern": {"attention.shared_kv_layers": 0, "attention.sliding_window_pattern": [False, True, True, False, True]},
        "swa-size": {"attention.key_length_swa": 8, "attention.value_length_swa": 8, "rope.dimension_count_swa": 8},
        "swa-partial-rope": {"rope.dimension_count_swa": 2},
    },
    "granite_swa": {"pattern": OTHER_PATTERN, "rope": {"attention.rope_pattern": [0, 1, 1, 0]}},
    "grok": {
        "yarn-attn": {"rope.scaling.yarn_ext_factor": 0.0, "rope.scaling.yarn_attn_factor": 1.4},
        "beta_fast": {"rope.scaling.yarn_beta_fast": 0.05}, "beta_slow": {"rope.scaling.yarn_beta_slow": 0.05},
    },
    "hunyuan-dense": {"alpha": {"rope.scaling.alpha": 50.0}},
    "hunyuan_vl": {"alpha": {"rope.scaling.alpha": 50.0}},
    "laguna": {"shared-count": {"expert_shared_feed_forward_length": ABSENT, "expert_shared_count": 2}},
    # Chunks have 8192 tokens, and so has the range in which attention's temperature is one.
    "llama4": {"long": {"prompt": 8300, "context_length": 16384}, "128-experts": {"expert_count": 128}},
    "maple": {"pattern": OTHER_PATTERN},
    "mimo2": {"pattern": OTHER_PATTERN},
    "mistral3": {"beta_fast": {"rope.scaling.yarn_beta_fast": 0.05}, "beta_slow": {"rope.scaling.yarn_beta_slow": 0.05}},
    "phi3": {"long": {"rope.scaling.original_context_length": 64}},
    "qwen3vl": {"deepstack": {"n_deepstack_layers": 1}},
    "qwen3vlmoe": {"deepstack": {"n_deepstack_layers": 1}},
    # The window has 4096 tokens, whatever the file says.
    "smallthinker": {"long": {"prompt": 4200, "context_length": 8192}},
    "spark2_5": {"pattern": OTHER_PATTERN},
    "step35": {"pattern": OTHER_PATTERN, "clamp": {"swiglu_clamp_exp": [0.3, 0.6, 0.0, 0.2]},
               "shared-clamp": {"swiglu_clamp_shexp": [0.3, 0.2, 0.0, 0.1]}},
}
# Optional tensors that only make sense together: names and roles.
WITHOUT = {
    "nemotron_h_moe": {"projections": ["ffn_latent_down.weight", "ffn_latent_up.weight"]},
    "grok": {"dense-network": ["ffn_gate.weight", "ffn_up.weight", "ffn_down.weight"]},
}
# Files that the reference computes something for, but that make no sense.
MEANINGLESS = {
    # One of the projections around experts.
    "nemotron_h_moe+without-ffn_latent_down.weight", "nemotron_h_moe+without-ffn_latent_up.weight",
    # Windows without a token.
    "gpt-oss+attention.sliding_window=0", "granite_swa+attention.sliding_window=0",
    "granite_swa+experts,attention.sliding_window=0", "mimo2+attention.sliding_window=0",
    # One matrix of three equal parts, whatever the number of heads says.
    "qwen+one-kv-head",
    # Scales of layers that exist only because layers are repeated.
    "nanbeige+scales",
    # Experts without gates. No published model of these families has them.
    *(f"{base}without-ffn_gate_exps.weight" for base in [
        "ernie4_5-moe+", "granite+experts,", "granite_swa+experts,", "granitemoe+", "grok+", "llama+experts,",
        "minicpm+experts,", "mistral3+experts,"]),
    # A part of the dense network next to experts.
    "grok+without-ffn_gate.weight", "grok+without-ffn_up.weight",
    # Experts without a router, or nothing at all in a layer.
    *(f"{family}+without-{role}.weight" for family in EXPERTS_BY_LAYER for role in [
        "ffn_gate_inp", "ffn_gate", "ffn_up", "ffn_down", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps", "ffn_gate_shexp",
        "ffn_up_shexp", "ffn_down_shexp"]),
}
# A model of test-llama-archs that the reference does not really run: its graph of this family knows no experts.
NOT_RUN = {"refact-moe"}
# Keys that the reference reads for a family and does not use.
UNUSED = {
    "bailingmoe": {"leading_dense_block_count"},
    "cohere2": {"rope.freq_base_swa"},
    "cohere2moe": {"rope.freq_base_swa"},
    "ernie4_5": {"expert_feed_forward_length", "expert_shared_feed_forward_length", "interleave_moe_layer_step",
                 "leading_dense_block_count", "rope.dimension_sections"},
    "ernie4_5-moe": {"interleave_moe_layer_step", "rope.dimension_sections"},
    "exaone-moe": {"rope.freq_base_swa"},
    "exaone4": {"rope.freq_base_swa"},
    "grok": {"attention.temperature_length", "router_logit_softcapping"},
    "hunyuan-dense": {"rope.dimension_sections"},
    "hunyuan-moe": {"expert_feed_forward_length"},
    # Other values than zero mean the same, and zero stops the reference.
    "llama4": {"attention.sliding_window"},
    "mellum": {"rope.freq_base_swa"},
    "minimax-m2": {"expert_feed_forward_length"},
    "olmo2": {"rope.freq_base_swa"},
    "paddleocr": {"expert_feed_forward_length", "expert_shared_feed_forward_length", "interleave_moe_layer_step",
                  "leading_dense_block_count"},
    "phi3": {"attention.sliding_window"},
}
