import CKernels

/// An instruction set that has kernels.
public enum InstructionSet: String, Sendable, CaseIterable {
    case portable, avx2, avxVNNI, avx512, neon

    var kernel: sotto_isa {
        switch self {
        case .portable: SOTTO_ISA_PORTABLE
        case .avx2: SOTTO_ISA_AVX2
        case .avxVNNI: SOTTO_ISA_AVX_VNNI
        case .avx512: SOTTO_ISA_AVX512
        case .neon: SOTTO_ISA_NEON
        }
    }

    /// Whether this processor supports it.
    public var isAvailable: Bool { sotto_isa_available(kernel) }

    /// The fastest one that this processor supports.
    public static var best: InstructionSet {
        allCases.last { $0.kernel == sotto_isa_best() } ?? .portable
    }
}

/// The kernels' thread pool and scratch memory, freed when the last reference is released.
final class Compute {
    let handle: OpaquePointer

    /// - Parameter threads: 1…256, including the calling thread.
    init(threads: Int, instructionSet: InstructionSet) throws(EngineError) {
        guard (1...256).contains(threads) else { throw .threadsOutOfRange(threads) }
        guard instructionSet.isAvailable else { throw .instructionSetUnavailable(instructionSet) }
        guard let handle = sotto_compute_create(Int32(threads), instructionSet.kernel) else {
            throw .threadsUnavailable(threads)
        }
        self.handle = handle
    }

    deinit { sotto_compute_destroy(handle) }
}
