import CKernels
import GGUF

/// Names of quantization formats, and of the mixes of formats in files.
package enum FormatNames {
    /// The formats with kernels: "BF16, F16, …".
    static var supported: String {
        (0..<sotto_format_count())
            .compactMap { sotto_format_at($0).map { String(cString: $0.pointee.name) } }
            .sorted().joined(separator: ", ")
    }

    /// The usual name of the file's format, such as "Q4_K_M": a maker's own mix from the file's name, else from
    /// `general.file_type`, or else the tensor type with the most bytes.
    package static func label(_ file: GGUFFile) -> String {
        if let mix = FormatLabel.makersMix(in: GGUFPartName(file.path)?.stem ?? file.path) { return mix }
        if let id = file.metadata["general.file_type"]?.int, let name = fileTypes[id] { return name }
        return mostBytes(file.tensors.map { ($0.type.name, $0.byteCount) })
    }

    /// The format that the most bytes are in.
    static func mostBytes(_ tensors: [(format: String, byteCount: Int)]) -> String {
        var bytes: [String: Int] = [:]
        for tensor in tensors { bytes[tensor.format, default: 0] &+= tensor.byteCount }
        return bytes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "empty"
    }

    /// The values of `general.file_type`.
    private static let fileTypes: [Int: String] = [
        0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
        12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
        19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
        26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0",
        37: "TQ2_0", 38: "MXFP4_MOE", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
    ]
}
