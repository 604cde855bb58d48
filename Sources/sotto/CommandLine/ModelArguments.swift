import ArgumentParser

/// The model that replies, and a preset for it.
struct ModelArguments: ParsableArguments {
    @Option(
        help: """
            A GGUF file, a Hugging Face folder, an ONNX export, a model name from 'sotto models', or PROVIDER:NAME for a \
            service.
            """)
    var model: ModelArgument?

    @Option(
        help: ArgumentHelp(
            "Use this Jinja chat template instead of the model's own (the chat remembers it).", valueName: "file"),
        completion: .file(extensions: ["jinja"]))
    var chatTemplate: String?

    /// The absolute path of the chat template.
    var templatePath: String? { chatTemplate.map { UserPath($0).absolute } }

    @Option(
        help: ArgumentHelp("Apply a preset's settings and system prompt.", valueName: "name"),
        completion: .values(.presets))
    var preset: String?
}
