import ArgumentParser
import Foundation
import Inference

/// `sotto bench MODEL`: measures a model's speed and compares it with the limits of the machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a model's prefill and decode speed.",
        discussion: """
            The limits of the machine are measured in the same run. Prefill is compared with peak 8-bit multiply \
            throughput (multiply-adds of the weights; attention is not counted), decode with memory bandwidth (bytes of \
            weights and of the KV cache).

            With --speculation, measures the gain of speculative decoding instead: replies to two conversations with \
            much repetition, alternating between off and on.
            """)

    @Argument(help: "A GGUF file, or a model name from 'sotto models'.")
    var model: ModelArgument

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Number of compute threads, or several to compare (default: one per physical core).",
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

    @Flag(help: "Measure replies with and without speculative decoding.")
    var speculation = false

    @OptionGroup var draft: DraftArguments

    @Flag(help: "Print {\"prefill\":{…},\"decode\":{…},\"machine\":{…}}; several settings give a list.")
    var json = false

    func run() async throws {
        try checkNumbers()
        let model = try Model.load(path: try self.model.path())
        if speculation { return try await measureSpeculation(model) }
        let most = (depth.values.max() ?? 0) + max(prefill, decode)
        // Set up everything before the first measurement, so that errors are reported at once.
        var engines: [(KVCacheType, Engine)] = []
        for threads in threads?.values.map({ $0 }) ?? [nil] {
            for cacheType in kvType.values {
                let options = EngineOptions(
                    threads: threads, contextLength: most, cacheType: cacheType,
                    instructionSet: try instructions.chosen())
                engines.append((cacheType, try Engine(model: model, options: options)))
            }
        }
        var rows: [BenchRow] = []
        for (cacheType, engine) in engines {
            for depth in depth.values {
                StandardError.showStatus("Measuring with \(engine.threads) threads …")
                let workload = Benchmark.Workload(
                    prefill: prefill, decode: decode, depth: depth, repetitions: repetitions)
                rows.append(
                    BenchRow(
                        threads: engine.threads, cacheType: cacheType, depth: depth,
                        result: try await engine.benchmark(workload)))
            }
        }
        StandardError.showStatus("")
        try json ? writeJSON(rows) : writeTable(rows, model)
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
            model: model, draft: try draft.draftModel.map { try Model.load(path: try $0.path()) },
            options: EngineOptions(
                threads: threads?.values.first, contextLength: min(model.summary.trainedContext, 1024 + decode),
                cacheType: kvType.values.first ?? .f16, instructionSet: try instructions.chosen()))
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

    private func writeTable(_ rows: [BenchRow], _ model: Model) throws {
        let title = "\(model.summary.name), \(model.summary.format)"
        let header = ["threads", "cache", "depth", "measured", "tokens/s", "range", "share of the limit"]
        let isScaling = Set(rows.map(\.threads)).count > 1
        let lines = rows.flatMap { row in row.cells(scaling: isScaling ? rows : nil) }
        try StandardOutput.write(
            StandardOutput.presentable(title) + "\n\n"
                + TextTable.text([header + (isScaling ? ["efficiency"] : [])] + lines))
    }

    private func writeJSON(_ rows: [BenchRow]) throws {
        if rows.count == 1 {
            try StandardOutput.writeJSON(rows[0])
        } else {
            try StandardOutput.writeJSON(rows)
        }
    }
}

/// The measurement with one number of threads, cache format and depth.
private struct BenchRow: Encodable {
    let threads: Int
    let cacheType: KVCacheType
    let depth: Int
    let result: Benchmark

    /// The lines of the table: one for prefill, one for decode.
    ///
    /// - Parameter rows: all rows, to show each thread's efficiency relative to the lowest thread count; nil omits it.
    func cells(scaling rows: [BenchRow]?) -> [[String]] {
        let bandwidth = String(format: "%.1f GB/s", result.machine.readBandwidth / 1e9)
        let peak = String(format: "%.0f G multiply-adds/s", result.machine.int8Peak / 1e9)
        let parts: [(String, KeyPath<Benchmark, Benchmark.Speed?>, String)] = [
            ("prefill", \.prefill, peak), ("decode", \.decode, bandwidth),
        ]
        return parts.compactMap { name, phase, limit in
            result[keyPath: phase].map { speed in
                [
                    "\(threads)", cacheType.rawValue, "\(depth)", "\(name) \(speed.tokens)",
                    String(format: "%.1f", speed.median), String(format: "%.1f … %.1f", speed.min, speed.max),
                    String(format: "%.0f %% of %@", 100 * speed.fraction, limit),
                ] + (rows.map { [efficiency(of: phase, among: $0)] } ?? [])
            }
        }
    }

    /// The speed per thread as a share of that with the fewest threads, all else being equal.
    private func efficiency(of phase: KeyPath<Benchmark, Benchmark.Speed?>, among rows: [BenchRow]) -> String {
        let alike = rows.filter { $0.cacheType == cacheType && $0.depth == depth }
        guard let base = alike.min(by: { $0.threads < $1.threads }), let slow = base.result[keyPath: phase],
            let fast = result[keyPath: phase], slow.median > 0
        else { return "" }
        let share = fast.median / Double(threads) / (slow.median / Double(base.threads))
        return String(format: "%.0f %%", 100 * share)
    }

    private enum CodingKeys: CodingKey {
        case threads, cache, depth, prefill, decode, machine
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(threads, forKey: .threads)
        try container.encode(cacheType.rawValue, forKey: .cache)
        try container.encode(depth, forKey: .depth)
        try container.encodeIfPresent(result.prefill.map(Measurement.init), forKey: .prefill)
        try container.encodeIfPresent(result.decode.map(Measurement.init), forKey: .decode)
        try container.encode(Limits(result.machine), forKey: .machine)
    }

    private struct Measurement: Encodable {
        let tokens: Int
        let tokensPerSecond: Rates
        let fraction: Double

        struct Rates: Encodable {
            let median: Double
            let min: Double
            let max: Double
        }

        init(_ speed: Benchmark.Speed) {
            tokens = speed.tokens
            tokensPerSecond = Rates(median: speed.median, min: speed.min, max: speed.max)
            fraction = speed.fraction
        }
    }

    private struct Limits: Encodable {
        let readBandwidth: Double
        let int8Peak: Double

        init(_ machine: MachineLimits) {
            readBandwidth = machine.readBandwidth
            int8Peak = machine.int8Peak
        }
    }
}
