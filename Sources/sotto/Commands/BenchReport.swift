import Foundation
import Inference

/// The report of `sotto bench MODEL`.
struct BenchReport {
    let model: ModelSummary
    let rows: [BenchRow]

    func write(asJSON: Bool) throws {
        if !asJSON {
            try StandardOutput.write(StandardOutput.presentable(title) + "\n\n" + table)
        } else if rows.count == 1 {
            try StandardOutput.writeJSON(rows[0])
        } else {
            try StandardOutput.writeJSON(rows)
        }
    }

    private var title: String {
        let sets = rows.first.map { [$0.instructionSet.title] } ?? []
        return (["\(model.name), \(model.format)"] + sets + [Processor.name].compactMap(\.self))
            .joined(separator: " · ")
    }

    private var table: String {
        let header = ["threads", "cache", "depth", "measured", "tokens/s", "range", "share of the limit"]
        let isScaling = Set(rows.map(\.threads)).count > 1
        let lines = rows.flatMap { row in row.cells(scaling: isScaling ? rows : nil) }
        return TextTable.text([header + (isScaling ? ["efficiency"] : [])] + lines)
    }
}

/// The measurement with one number of threads, cache format and depth.
struct BenchRow: Encodable {
    let threads: Int
    let instructionSet: InstructionSet
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
        case processor, instructionSet, threads, cache, depth, prefill, decode, machine
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(Processor.name, forKey: .processor)
        try container.encode(instructionSet.rawValue, forKey: .instructionSet)
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
