import Tokenizers

/// The chat templates that families of models share, for files whose own template is empty or broken. A family is
/// recognised by the markers in its vocabulary: the architecture says nothing, since most families share `llama`.
enum StandardTemplates {
    struct Row: Sendable {
        let name: String
        /// Tokens that all have to exist.
        let markers: [String]
        let source: String
    }

    /// More specific rows first.
    static let rows: [Row] = [
        Row(
            name: "Llama 3", markers: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
            source: """
                {{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message.role }}<|end_header_id|>

                {{ message.content | trim }}<|eot_id|>{% endfor %}
                {%- if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>

                {% endif %}
                """),
        Row(
            name: "Gemma", markers: ["<start_of_turn>", "<end_of_turn>"],
            source: """
                {{ bos_token }}{% for message in messages %}
                {%- if message.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}
                {{- '<start_of_turn>' + ('model' if message.role == 'assistant' else message.role) + '\\n' }}
                {{- message.content | trim }}{{ '<end_of_turn>\\n' }}{% endfor %}
                {%- if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}
                """),
        Row(
            name: "Command R", markers: ["<|START_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>"],
            source: """
                {{ bos_token }}{% set names = {'system': 'SYSTEM', 'user': 'USER', 'assistant': 'CHATBOT'} %}
                {%- for message in messages %}
                {{- '<|START_OF_TURN_TOKEN|><|' + names[message.role] + '_TOKEN|>' }}{{ message.content | trim }}
                {{- '<|END_OF_TURN_TOKEN|>' }}{% endfor %}
                {%- if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}
                """),
        Row(
            name: "Granite", markers: ["<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>"],
            source: """
                {% for message in messages %}
                {{- '<|start_of_role|>' + message.role + '<|end_of_role|>' }}{{ message.content }}
                {{- '<|end_of_text|>\\n' }}{% endfor %}
                {%- if add_generation_prompt %}{{ '<|start_of_role|>assistant<|end_of_role|>' }}{% endif %}
                """),
        Row(
            name: "DeepSeek", markers: ["<｜User｜>", "<｜Assistant｜>"],
            source: """
                {{ bos_token }}{% for message in messages %}
                {%- if message.role == 'system' %}{{ message.content }}
                {%- elif message.role == 'user' %}{{ '<｜User｜>' + message.content }}
                {%- else %}{{ '<｜Assistant｜>' + message.content + eos_token }}{% endif %}{% endfor %}
                {%- if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}
                """),
        Row(
            name: "Mistral", markers: ["[INST]", "[/INST]"],
            source: """
                {{ bos_token }}{% for message in messages %}
                {%- if message.role == 'system' %}{{ raise_exception('no system role') }}
                {%- elif message.role == 'user' %}{{ '[INST] ' + message.content + '[/INST]' }}
                {%- else %}{{ ' ' + message.content + eos_token }}{% endif %}{% endfor %}
                """),
        Row(
            name: "Phi", markers: ["<|user|>", "<|assistant|>", "<|end|>"],
            source: """
                {% for message in messages %}
                {{- '<|' + message.role + '|>\\n' + message.content + '<|end|>\\n' }}{% endfor %}
                {%- if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}
                """),
        Row(
            name: "ChatML", markers: ["<|im_start|>", "<|im_end|>"],
            source: """
                {% for message in messages %}
                {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}
                {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
                """),
    ]

    static func row(for vocabulary: Vocabulary) -> Row? {
        rows.first { $0.markers.allSatisfy { vocabulary.id(of: $0) != nil } }
    }
}
