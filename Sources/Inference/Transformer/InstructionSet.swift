import CKernels

/// An instruction set that has kernels. The raw values are the names that users type.
public enum InstructionSet: String, Sendable, CaseIterable {
    case portable
    case avx2
    case avxVNNI = "avx-vnni"
    case avx512
    case neon

    var kernel: sotto_isa {
        switch self {
        case .portable: SOTTO_ISA_PORTABLE
        case .avx2: SOTTO_ISA_AVX2
        case .avxVNNI: SOTTO_ISA_AVX_VNNI
        case .avx512: SOTTO_ISA_AVX512
        case .neon: SOTTO_ISA_NEON
        }
    }

    /// As it is usually written, such as "AVX-512".
    public var title: String { String(cString: sotto_isa_name(kernel)) }

    /// Whether this processor supports it.
    public var isAvailable: Bool { sotto_isa_available(kernel) }

    /// Those that this processor supports.
    public static var available: [InstructionSet] { allCases.filter(\.isAvailable) }

    /// The fastest one that this processor supports.
    public static var best: InstructionSet {
        allCases.last { $0.kernel == sotto_isa_best() } ?? .portable
    }
}
