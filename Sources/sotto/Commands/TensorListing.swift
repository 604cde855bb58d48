import Chat
import Files

/// A tensor in the reports of `sotto inspect` about folders.
struct ReportedTensor: Encodable {
    let name: String
    let type: String
    /// As in PyTorch: the contiguous dimension last.
    let shape: [Int]
    let bytes: Int
}

/// The parts that these reports have in common.
enum TensorListing {
    /// How many tensors and bytes each format has, the most bytes first.
    static func formats(_ tensors: [ReportedTensor]) -> String {
        let formats = Dictionary(grouping: tensors, by: \.type).map { type, tensors in
            (type: type, count: tensors.count, bytes: tensors.reduce(0) { $0 + $1.bytes })
        }
        let sorted = formats.sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
        return TextTable.text(
            [["", "format", "tensors", "size"]] + sorted.map { ["", $0.type, "\($0.count)", ByteText.size($0.bytes)] })
    }

    static func lines(_ tensors: [ReportedTensor]) -> [String] {
        ["", "\(tensors.count) tensors"]
            + tensors.map { tensor in
                let shape = tensor.shape.map(String.init).joined(separator: " × ")
                return "  \(tensor.name)  \(tensor.type)  [\(shape)]  \(tensor.bytes) bytes"
            }
    }

    /// Lines with names from outside, for the terminal.
    static func text(_ lines: [String]) -> String {
        lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { String($0).withoutControls }.joined(separator: "\n") + "\n"
    }
}
