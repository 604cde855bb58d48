import CKernels

/// The kernels' thread pool and scratch memory, freed when the last reference is released.
final class Compute {
    let handle: OpaquePointer
    let threads: Int
    let instructionSet: InstructionSet

    /// - Parameter threads: 1…256, including the calling thread.
    init(threads: Int, instructionSet: InstructionSet) throws(EngineError) {
        guard (1...256).contains(threads) else { throw .threadsOutOfRange(threads) }
        guard instructionSet.isAvailable else { throw .instructionSetUnavailable(instructionSet) }
        guard let handle = sotto_compute_create(Int32(threads), instructionSet.kernel) else {
            throw .threadsUnavailable(threads)
        }
        self.handle = handle
        self.threads = threads
        self.instructionSet = instructionSet
    }

    /// How decode prefetches weights.
    var prefetch = WeightPrefetch.standard {
        didSet { sotto_compute_set_prefetch(handle, prefetch.kernel) }
    }

    deinit { sotto_compute_destroy(handle) }
}
