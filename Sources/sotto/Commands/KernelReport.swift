import Foundation
import GGUF
import Inference

/// The report of `sotto bench --kernels`.
struct KernelReport {
    let speeds: KernelSpeeds

    var json: KernelReportJSON { KernelReportJSON(speeds) }

    var text: String {
        let heading = [Processor.name, VersionText.program].compactMap(\.self).joined(separator: " · ")
        return """
            \(heading)

            Few tokens: GB/s of weights, and the share of the memory bandwidth. \(KernelBenchmark.panelTokens) tokens: \
            G multiply-adds/s,
            and the share of the 8-bit peak, except for floats. In cache, a small matrix is read repeatedly.

            """ + sets.map { "\n" + limits(of: $0) + "\n" + table(of: $0) }.joined()
    }

    private var sets: [InstructionSet] {
        InstructionSet.allCases.filter { set in speeds.rows.contains { $0.instructionSet == set } }
    }

    private func limits(of set: InstructionSet) -> String {
        speeds.limits.filter { $0.instructionSet == set }.map { limit in
            String(
                format: "%@, %@: memory %.1f GB/s, 8-bit peak %.0f G multiply-adds/s\n", set.title,
                Self.name(limit.threads),
                limit.machine.readBandwidth / 1e9, limit.machine.int8Peak / 1e9)
        }.joined()
    }

    /// One line for each format and number of tokens, one column for each place and number of threads.
    private func table(of set: InstructionSet) -> String {
        let rows = speeds.rows.filter { $0.instructionSet == set }
        let threads = rows.map(\.threads).uniqued
        let columns = [false, true].flatMap { fromMemory in threads.map { (fromMemory, $0) } }
        let header = ["format", "tokens"] + columns.map { "\($0 ? "memory" : "cache"), \(Self.name($1))" }
        let lines = rows.map(\.format).uniqued.flatMap { format in
            KernelBenchmark.tokenCounts.map { tokens in
                let alike = rows.filter { $0.format == format && $0.tokens == tokens }
                let name = tokens == KernelBenchmark.tokenCounts.first ? format.name : ""
                return [name, "\(tokens)"]
                    + columns.map { fromMemory, threads in
                        alike.first { $0.fromMemory == fromMemory && $0.threads == threads }.map(cell) ?? ""
                    }
            }
        }
        return TextTable.text([header] + lines)
    }

    private func cell(_ row: KernelSpeeds.Row) -> String {
        let limit = speeds.limit(row.instructionSet, threads: row.threads)
        if row.tokens == KernelBenchmark.panelTokens {
            let speed = String(format: "%6.0f G/s ", row.productsPerSecond / 1e9)
            // Products of floats do not use the 8-bit units.
            return row.format.blockElements == 1 ? speed : speed + share(row.productsPerSecond, of: limit?.int8Peak)
        }
        let speed = String(format: "%6.1f GB/s", row.bytesPerSecond / 1e9)
        return row.fromMemory ? speed + share(row.bytesPerSecond, of: limit?.readBandwidth) : speed
    }

    private func share(_ speed: Double, of limit: Double?) -> String {
        guard let limit, limit > 0 else { return "" }
        return String(format: " %3.0f %%", 100 * speed / limit)
    }

    private static func name(_ threads: Int) -> String { threads == 1 ? "1 thread" : "\(threads) threads" }
}

extension Sequence where Element: Hashable {
    /// Without repetitions, in the order of first occurrence.
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// The same as data, for users' reports.
struct KernelReportJSON: Encodable {
    let version: String
    let processor: String?
    let columns: Int
    let limits: [Limit]
    let kernels: [Kernel]

    struct Limit: Encodable {
        let instructionSet: String
        let threads: Int
        let readBandwidth: Double
        let int8Peak: Double
    }

    struct Kernel: Encodable {
        let format: String
        let instructionSet: String
        let tokens: Int
        let fromMemory: Bool
        let threads: Int
        let bytesPerSecond: Double
        let multiplyAddsPerSecond: Double
    }

    init(_ speeds: KernelSpeeds) {
        version = VersionText.program
        processor = Processor.name
        columns = KernelBenchmark.columns
        limits = speeds.limits.map {
            Limit(
                instructionSet: $0.instructionSet.rawValue, threads: $0.threads,
                readBandwidth: $0.machine.readBandwidth, int8Peak: $0.machine.int8Peak)
        }
        kernels = speeds.rows.map {
            Kernel(
                format: $0.format.name, instructionSet: $0.instructionSet.rawValue, tokens: $0.tokens,
                fromMemory: $0.fromMemory, threads: $0.threads, bytesPerSecond: $0.bytesPerSecond,
                multiplyAddsPerSecond: $0.productsPerSecond)
        }
    }
}
