import ArgumentParser

/// The model that replies, and a preset for it.
struct ModelArguments: ParsableArguments {
    @Option(help: "A GGUF file, or a model name from 'sotto models'.")
    var model: ModelArgument?

    @Option(
        help: ArgumentHelp("Apply a preset's settings and system prompt.", valueName: "name"),
        completion: .values(.presets))
    var preset: String?
}
