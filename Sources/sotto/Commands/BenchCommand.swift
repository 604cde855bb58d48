import ArgumentParser
import Foundation
import Inference

/// `sotto bench MODEL`: how fast the model runs here.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how fast a model reads (prefill) and writes (decode).")

    @OptionGroup var engine: EngineArguments

    @Option(name: .shortAndLong, help: "Prompt tokens to read; 0 to leave that out.")
    var prefill = 512

    @Option(name: [.customShort("n"), .long], help: "Tokens to write one by one; 0 to leave that out.")
    var decode = 128

    @Option(name: .shortAndLong, help: "Times that each is measured.")
    var repetitions = 5

    @Flag(help: "Print {\"prefill\":{…},\"decode\":{…}}.")
    var json = false

    func run() async throws {
        guard prefill >= 0, decode >= 0, prefill + decode > 0 else {
            throw CommandLineError("-p and -n are numbers of tokens: 0 or more, and not both 0")
        }
        guard (1...1000).contains(repetitions) else {
            throw CommandLineError("-r is \(repetitions); it must be from 1 to 1000")
        }
        let engine = try self.engine.start(contextLength: max(prefill, decode))
        let result = try await engine.benchmark(prefill: prefill, decode: decode, repetitions: repetitions)
        if json {
            try StandardOutput.writeJSON(
                Report(prefill: result.prefill.map(Measurement.init), decode: result.decode.map(Measurement.init)))
        } else {
            let parts = [("prefill", result.prefill), ("decode", result.decode)]
            for case let (name, speed?) in parts { try StandardOutput.write(Self.line(name, speed)) }
        }
    }

    private static func line(_ name: String, _ speed: Benchmark.Speed) -> String {
        String(
            format: "%@ %d tokens: %.1f tokens/s (%.1f to %.1f)\n", name, speed.tokens, speed.median, speed.min,
            speed.max)
    }

    private struct Report: Encodable {
        let prefill: Measurement?
        let decode: Measurement?
    }

    private struct Measurement: Encodable {
        let tokens: Int
        let tokensPerSecond: Rates

        struct Rates: Encodable {
            let median: Double
            let min: Double
            let max: Double
        }

        init(_ speed: Benchmark.Speed) {
            tokens = speed.tokens
            tokensPerSecond = Rates(median: speed.median, min: speed.min, max: speed.max)
        }
    }
}
