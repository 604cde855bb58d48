import ArgumentParser

/// What answers: a model, and a preset for it.
struct ModelArguments: ParsableArguments {
    @Option(help: "A GGUF file, or the name of a model that 'sotto models' lists.")
    var model: ModelArgument?

    @Option(help: "A preset, by name: its settings and its system prompt.")
    var preset: String?
}
