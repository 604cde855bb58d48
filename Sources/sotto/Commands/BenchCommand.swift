import ArgumentParser
import Foundation
import Inference

/// `sotto bench MODEL`: how fast the model runs here, and how near that is to what the machine can do.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how fast a model reads (prefill) and writes (decode).",
        discussion: """
            The machine's limits are measured in the same run. Reading is held against the peak of 8-bit \
            multiplications with addition (of the weights; the attention's floating point work is left out), writing \
            against the bandwidth of memory (bytes of weights and of cached keys and values).

            With --speculation it measures instead what computing ahead gives: replies to two conversations that \
            repeat much, with and without in turn.
            """)

    @Argument(help: "A GGUF file, or the name of a model that 'sotto models' lists.")
    var model: ModelArgument

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Threads that compute, or several numbers to compare (default: one for each physical core).",
            valueName: "1,2"))
    var threads: ArgumentList<Int>?

    @Option(
        help: ArgumentHelp(
            "How keys and values are cached, or several ways to compare; q8_0 takes half the memory of f16.",
            valueName: "f16,q8_0"))
    var kvType = ArgumentList([KVCacheType.f16])

    @Option(name: .shortAndLong, help: "Prompt tokens to read; 0 to leave that out.")
    var prefill = 512

    @Option(name: [.customShort("n"), .long], help: "Tokens to write one by one; 0 to leave that out.")
    var decode = 128

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Tokens that are in the cache before, or several numbers to compare.", valueName: "0,4096"))
    var depth = ArgumentList([0])

    @Option(name: .shortAndLong, help: "Times that each is measured.")
    var repetitions = 5

    @Flag(help: "Measure replies with and without computing ahead.")
    var speculation = false

    @OptionGroup var draft: DraftArguments

    @Flag(help: "Print {\"prefill\":{…},\"decode\":{…},\"machine\":{…}}; several things to compare make a list.")
    var json = false

    func run() async throws {
        try checkNumbers()
        let model = try Model.load(path: try self.model.path())
        if speculation { return try await measureSpeculation(model) }
        let most = (depth.values.max() ?? 0) + max(prefill, decode)
        // All are set up before the first is measured, so that what cannot be done is said at once.
        var engines: [(KVCacheType, Engine)] = []
        for threads in threads?.values.map({ $0 }) ?? [nil] {
            for cacheType in kvType.values {
                let options = EngineOptions(threads: threads, contextLength: most, cacheType: cacheType)
                engines.append((cacheType, try Engine(model: model, options: options)))
            }
        }
        var rows: [BenchRow] = []
        for (cacheType, engine) in engines {
            for depth in depth.values {
                StandardError.showStatus("measuring with \(engine.threads) threads …")
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
        // No model reads more, and sums of such numbers stay whole.
        let tokens = 0...(1 << 27)
        guard tokens.contains(prefill), tokens.contains(decode), prefill + decode > 0 else {
            throw CommandLineError("-p and -n are numbers of tokens: 0 or more, and not both 0")
        }
        if let wrong = depth.values.first(where: { !tokens.contains($0) }) {
            throw CommandLineError("--depth is \(wrong); it is a number of tokens, 0 or more")
        }
        guard (1...1000).contains(repetitions) else {
            throw CommandLineError("-r is \(repetitions); it must be from 1 to 1000")
        }
    }

    private func measureSpeculation(_ model: Model) async throws {
        guard (threads?.values.count ?? 1) == 1 else {
            throw CommandLineError("--speculation takes one number of threads")
        }
        let engine = try Engine(
            model: model, draft: try draft.draftModel.map { try Model.load(path: try $0.path()) },
            options: EngineOptions(
                threads: threads?.values.first, contextLength: min(model.summary.trainedContext, 1024 + decode),
                cacheType: kvType.values.first ?? .f16))
        var rows: [SpeculativeBenchmark] = []
        for conversation in SpeculationReport.conversations {
            StandardError.showStatus("measuring \(conversation.name) …")
            rows.append(
                try await engine.benchmark(conversation, maxTokens: max(1, decode), repetitions: repetitions))
        }
        StandardError.showStatus("")
        let report = SpeculationReport(rows: rows)
        try json ? StandardOutput.writeJSON(report.json) : StandardOutput.write(report.table)
    }

    private func writeTable(_ rows: [BenchRow], _ model: Model) throws {
        let title = "\(model.summary.name), \(model.summary.format)"
        let header = ["threads", "cache", "depth", "measured", "tokens/s", "from … to", "share of the machine's limit"]
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

/// What was measured with one number of threads, type of cache and depth.
private struct BenchRow: Encodable {
    let threads: Int
    let cacheType: KVCacheType
    let depth: Int
    let result: Benchmark

    /// One line of the table each for prefill and decode.
    ///
    /// - Parameter rows: all rows, to tell what each thread gives beside the fewest that were measured; nil leaves it out.
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

    /// The speed for each thread as a share of what it is with the fewest threads, everything else alike.
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
