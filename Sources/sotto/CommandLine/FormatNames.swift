import GGUF
import Inference

/// Weight formats on the command line, such as "Q4_K,Q8_0", in upper or lower case.
enum FormatNames {
    static let all = KernelBenchmark.allFormats.map(\.name)

    @Sendable static func parse(_ text: String) throws -> [TensorType] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            let name = name.trimmingPrefix { $0 == " " }
            guard let type = KernelBenchmark.allFormats.first(where: { $0.name == name.uppercased() }) else {
                throw CommandLineError("unknown format \"\(name)\". Formats: \(all.joined(separator: ", "))")
            }
            return type
        }
    }
}
