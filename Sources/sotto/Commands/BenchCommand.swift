import ArgumentParser
import Foundation
import GGUF
import Inference
import Providers

/// `sotto bench MODEL`: measures a model's speed, or that of the kernels, and compares it with the limits of the machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the speed of a model, or of the kernels.",
        discussion: """
            The limits of the machine are measured in the same run. Prefill is compared with peak 8-bit multiply \
            throughput (multiply-adds of the weights; attention is not counted), decode with memory bandwidth (bytes of \
            weights and of the KV cache).

            With --kernels, measures matrix products instead, without a model: every weight format on every instruction \
            set of this processor, for 1, 4 and 256 tokens, in cache and from memory, with one thread and with all. \
            --formats, --instruction-set and --threads limit what is measured. Takes about a minute.

            With --speculation, measures the gain of speculative decoding instead: replies to two conversations with \
            much repetition, alternating between off and on.
            """)

    @Argument(help: "A GGUF file, a Hugging Face folder, an ONNX export, or a model name from 'sotto models'.")
    var model: ModelArgument?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Number of compute threads, or several to compare (default: one per usable core).",
            valueName: "1,2"))
    var threads: ArgumentList<Int>?

    @OptionGroup var instructions: InstructionSetArguments

    @Option(
        help: ArgumentHelp(
            "Format of the KV cache, or several to compare; q8_0 needs half the memory of f16.",
            valueName: "f16,q8_0"))
    var kvType = ArgumentList([KVCacheType.f16])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Prompt tokens to process; 0 skips this test.", valueName: "tokens"))
    var prefill = 512

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Tokens to generate; 0 skips this test.", valueName: "tokens"))
    var decode = 128

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Tokens already in the cache, or several numbers to compare.", valueName: "0,4096"))
    var depth = ArgumentList([0])

    @Option(name: .shortAndLong, help: ArgumentHelp("Number of measurements of each.", valueName: "count"))
    var repetitions = 5

    @Flag(help: "Measure matrix products, without a model.")
    var kernels = false

    @Option(
        help: ArgumentHelp("Weight formats to measure with --kernels (default: all).", valueName: "Q4_K,Q8_0"),
        completion: .list(FormatNames.all), transform: FormatNames.parse)
    var formats: [TensorType]?

    @Flag(
        help: """
            Find the fastest way to prefetch weights on this processor, and remember it. Otherwise, this is done when a \
            model first runs.
            """)
    var tune = false

    @Flag(help: "Measure replies with and without speculative decoding.")
    var speculation = false

    @OptionGroup var draft: DraftArguments

    @Flag(
        help: """
            Print {"prefill":{…},"decode":{…},"machine":{…}}, of which several settings give a list. With --kernels: \
            {"limits":[…],"kernels":[…]}.
            """)
    var json = false

    func run() async throws {
        guard !kernels || !tune else { throw ValidationError("Use either --kernels or --tune") }
        switch (kernels || tune, model) {
        case (true, nil): try tune ? tuneKernels() : measureKernels()
        case (true, let model?):
            throw ValidationError(
                "\(tune ? "--tune" : "--kernels") measures no model. Leave out \"\(model.text.prefix(40))\"")
        case (false, nil):
            throw ValidationError("No model given. Name one from 'sotto models', or use --kernels or --tune")
        case (false, let named?):
            try checkNumbers()
            let model = try named.load()
            try await speculation ? measureSpeculation(model) : measure(model)
        }
    }

    private func measure(_ model: Model) async throws {
        let most = (depth.values.max() ?? 0) + max(prefill, decode)
        // Set up everything before the first measurement, so that errors are reported at once.
        var engines: [(KVCacheType, Engine)] = []
        for threads in threads?.values.map({ $0 }) ?? [nil] {
            for cacheType in kvType.values {
                let options = EngineOptions(
                    threads: threads, contextLength: most, cacheType: cacheType,
                    instructionSet: try instructions.chosen()
                ).tuned(Catalogue.current.tuning(for: model))
                engines.append((cacheType, try Engine(model: model, options: options)))
            }
        }
        engines.reverse()
        var rows: [BenchRow] = []
        // Each engine is released when it has been measured, with its copies of matrices.
        while let (cacheType, engine) = engines.popLast() {
            while await engine.interleaveNext() {}
            for depth in depth.values {
                StandardError.showStatus(
                    "Measuring with \(engine.threads == 1 ? "1 thread" : "\(engine.threads) threads") …")
                let workload = Benchmark.Workload(
                    prefill: prefill, decode: decode, depth: depth, repetitions: repetitions)
                rows.append(
                    BenchRow(
                        threads: engine.threads, instructionSet: engine.instructionSet, cacheType: cacheType,
                        depth: depth, result: try await engine.benchmark(workload)))
            }
        }
        StandardError.showStatus("")
        try BenchReport(model: model.summary, rows: rows).write(asJSON: json)
    }

    private func measureKernels() throws {
        var benchmark = KernelBenchmark()
        if let formats { benchmark.formats = formats }
        if let set = try instructions.chosen() { benchmark.instructionSets = [set] }
        if let threads { benchmark.threads = threads.values }
        let speeds = try benchmark.run(progress: StandardError.showStatus)
        StandardError.showStatus("")
        let report = KernelReport(speeds: speeds)
        try json ? StandardOutput.writeJSON(report.json) : StandardOutput.write(report.text)
    }

    private func tuneKernels() throws {
        let sets = try instructions.chosen().map { [$0] } ?? InstructionSet.available
        var choices: [TuneReport.Choice] = []
        for set in sets {
            for threads in threads?.values ?? KernelBenchmark.standardThreads {
                StandardError.showStatus("Measuring \(set.title) …")
                let result = try KernelTuner(rounds: 9).measure(instructionSet: set, threads: threads)
                Catalogue.current.tuning.remember(result.best, for: set, threads: threads)
                choices.append(TuneReport.Choice(result, instructionSet: set, threads: threads))
            }
        }
        StandardError.showStatus("")
        let report = TuneReport(choices)
        try json ? StandardOutput.writeJSON(report) : StandardOutput.write(report.text)
    }

    private func checkNumbers() throws {
        // More than any model supports, and small enough that sums do not overflow.
        let tokens = 0...(1 << 27)
        guard tokens.contains(prefill), tokens.contains(decode), prefill + decode > 0 else {
            throw CommandLineError("-p and -n must be numbers of tokens, 0 or more, and not both 0")
        }
        if let wrong = depth.values.first(where: { !tokens.contains($0) }) {
            throw CommandLineError("--depth must be a number of tokens, 0 or more, not \(wrong)")
        }
        guard (1...1000).contains(repetitions) else {
            throw CommandLineError("-r must be from 1 to 1000, not \(repetitions)")
        }
    }

    private func measureSpeculation(_ model: Model) async throws {
        guard (threads?.values.count ?? 1) == 1 else {
            throw CommandLineError("--speculation works with one number of threads, not several")
        }
        let engine = try Engine(
            model: model, draft: try draft.draftModel.map { try $0.load() },
            options: EngineOptions(
                threads: threads?.values.first, contextLength: min(model.summary.trainedContext, 1024 + decode),
                cacheType: kvType.values.first ?? .f16, instructionSet: try instructions.chosen()
            ).tuned(Catalogue.current.tuning(for: model)))
        var rows: [SpeculativeBenchmark] = []
        for conversation in SpeculationReport.conversations {
            StandardError.showStatus("Measuring \(conversation.name) …")
            rows.append(
                try await engine.benchmark(conversation, maxTokens: max(1, decode), repetitions: repetitions))
        }
        StandardError.showStatus("")
        let report = SpeculationReport(rows: rows)
        try json ? StandardOutput.writeJSON(report.json) : StandardOutput.write(report.table)
    }
}
