import Inference

/// The report of `sotto bench --tune`.
struct TuneReport: Encodable {
    let processor: String?
    let program: String
    let sets: [Choice]

    /// What was measured with one instruction set and one number of threads.
    struct Choice: Encodable {
        /// Its name on the command line.
        let instructionSet: String
        let threads: Int
        let chosen: DecodeKernels
        let rates: [Rate]
        /// Bytes per second of the chosen prefetching with the weights as in the file, and with interleaved copies; nil
        /// if this instruction set has no such form.
        let copies: Copies?

        struct Rate: Encodable {
            let prefetch: WeightPrefetch
            let bytesPerSecond: Double
        }

        struct Copies: Encodable {
            let original: Double
            let interleaved: Double
        }

        init(_ result: KernelTuner.Result, instructionSet: InstructionSet, threads: Int) {
            self.instructionSet = instructionSet.rawValue
            self.threads = threads
            chosen = result.best
            copies = result.copies.map { Copies(original: $0.original, interleaved: $0.interleaved) }
            rates = result.rates.map { Rate(prefetch: $0.prefetch, bytesPerSecond: $0.bytesPerSecond) }
        }
    }

    init(_ choices: [Choice]) {
        processor = Processor.name
        program = VersionText.program
        sets = choices
    }

    var text: String {
        let heading = [processor, program].compactMap(\.self).joined(separator: " · ")
        let header = ["instruction set", "threads", "prefetch of weights", "Q4_K from memory", ""]
        return heading + "\n\n" + TextTable.text([header] + sets.flatMap(Self.lines))
    }

    private static func lines(_ set: Choice) -> [[String]] {
        let first = [InstructionSet(rawValue: set.instructionSet)?.title ?? "", "\(set.threads)"]
        let prefetches = set.rates.map { rate in
            let mark = rate.prefetch == set.chosen.prefetch ? "chosen" : ""
            return first + ["\(rate.prefetch)", speed(rate.bytesPerSecond), mark]
        }
        let copies = set.copies.map { copies in
            let gain = String(format: "× %.2f of the same without copies", copies.interleaved / copies.original)
            let mark = set.chosen.interleaves ? "chosen, " : ""
            return first + ["with interleaved copies", speed(copies.interleaved), mark + gain]
        }
        return prefetches + (copies.map { [$0] } ?? [])
    }

    private static func speed(_ bytesPerSecond: Double) -> String {
        String(format: "%.1f GB/s", bytesPerSecond / 1e9)
    }
}
