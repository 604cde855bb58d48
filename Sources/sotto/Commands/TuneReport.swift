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
        let chosen: WeightPrefetch
        let rates: [Rate]

        struct Rate: Encodable {
            let prefetch: WeightPrefetch
            let bytesPerSecond: Double
        }

        init(_ result: KernelTuner.Result, instructionSet: InstructionSet, threads: Int) {
            self.instructionSet = instructionSet.rawValue
            self.threads = threads
            chosen = result.best
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
        let lines = sets.flatMap { set in
            set.rates.map { rate in
                [
                    InstructionSet(rawValue: set.instructionSet)?.title ?? "", "\(set.threads)", "\(rate.prefetch)",
                    String(format: "%.1f GB/s", rate.bytesPerSecond / 1e9),
                    rate.prefetch == set.chosen ? "chosen" : "",
                ]
            }
        }
        return heading + "\n\n" + TextTable.text([header] + lines)
    }
}
