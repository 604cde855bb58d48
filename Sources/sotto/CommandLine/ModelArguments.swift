import ArgumentParser

/// The model that replies, and a preset for it.
struct ModelArguments: ParsableArguments {
    @Option(help: "A GGUF file, a model name from 'sotto models', or PROVIDER:NAME for a service.")
    var model: ModelArgument?

    @Option(
        help: ArgumentHelp("Apply a preset's settings and system prompt.", valueName: "name"),
        completion: .values(.presets))
    var preset: String?
}
