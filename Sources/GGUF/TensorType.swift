/// A number format of tensors: a row of the table of all ggml type ids.
///
/// A tensor's row (its contiguous dimension) is stored as whole blocks of `blockElements` values in `blockBytes` bytes.
public struct TensorType: Sendable, Hashable, CustomStringConvertible {
    /// The id in the file.
    public let id: UInt32
    /// ggml's name, for example `Q4_K`.
    public let name: String
    /// Values per block; 0 for a withdrawn id.
    public let blockElements: Int
    /// Bytes per block; 0 for a withdrawn id.
    public let blockBytes: Int

    public var description: String { name }
    /// Whether the id belongs to a format that is no longer part of GGUF.
    public var isWithdrawn: Bool { blockElements == 0 }

    /// The row of a type id, or nil if ggml never assigned the id.
    public static func find(_ id: UInt32) -> TensorType? {
        id < UInt32(all.count) ? all[Int(id)] : nil
    }

    /// The highest id in the table.
    public static var newestID: UInt32 { UInt32(all.count - 1) }

    /// All types; the index is the id.
    public static let all: [TensorType] = rows.enumerated().map { id, row in
        TensorType(id: UInt32(id), name: row.name, blockElements: row.elements, blockBytes: row.bytes)
    }

    private static let rows: [(name: String, elements: Int, bytes: Int)] = [
        ("F32", 1, 4),
        ("F16", 1, 2),
        ("Q4_0", 32, 18),
        ("Q4_1", 32, 20),
        ("Q4_2", 0, 0),
        ("Q4_3", 0, 0),
        ("Q5_0", 32, 22),
        ("Q5_1", 32, 24),
        ("Q8_0", 32, 34),
        ("Q8_1", 32, 36),
        ("Q2_K", 256, 84),
        ("Q3_K", 256, 110),
        ("Q4_K", 256, 144),
        ("Q5_K", 256, 176),
        ("Q6_K", 256, 210),
        ("Q8_K", 256, 292),
        ("IQ2_XXS", 256, 66),
        ("IQ2_XS", 256, 74),
        ("IQ3_XXS", 256, 98),
        ("IQ1_S", 256, 50),
        ("IQ4_NL", 32, 18),
        ("IQ3_S", 256, 110),
        ("IQ2_S", 256, 82),
        ("IQ4_XS", 256, 136),
        ("I8", 1, 1),
        ("I16", 1, 2),
        ("I32", 1, 4),
        ("I64", 1, 8),
        ("F64", 1, 8),
        ("IQ1_M", 256, 56),
        ("BF16", 1, 2),
        ("Q4_0_4_4", 0, 0),
        ("Q4_0_4_8", 0, 0),
        ("Q4_0_8_8", 0, 0),
        ("TQ1_0", 256, 54),
        ("TQ2_0", 256, 66),
        ("IQ4_NL_4_4", 0, 0),
        ("IQ4_NL_4_8", 0, 0),
        ("IQ4_NL_8_8", 0, 0),
        ("MXFP4", 32, 17),
        ("NVFP4", 64, 36),
        ("Q1_0", 128, 18),
        ("Q2_0", 64, 18),
    ]
}

extension TensorType {
    /// A type of other files that GGUF does not have, so that messages can name it.
    ///
    /// - Parameter bits: of an element.
    package init(foreign name: String, bits: Int) {
        let isWhole = bits.isMultiple(of: 8)
        (id, self.name, blockElements, blockBytes) = (.max, name, isWhole ? 1 : 8, isWhole ? bits / 8 : bits)
    }

    /// FP8 with the scale of 64 weights in front of them: what the kernels read of checkpoints in FP8. No GGUF file has
    /// it.
    package static let f8e4m3 = TensorType(id: 0x10000, name: "F8_E4M3", blockElements: 64, blockBytes: 68)

    /// The row with a name of the table.
    package static func named(_ name: StaticString) -> TensorType {
        all.first { $0.name == "\(name)" } ?? TensorType(foreign: "\(name)", bits: 8)
    }
}
