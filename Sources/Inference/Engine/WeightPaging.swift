/// How a model runs whose weights do not all fit into memory, predicted before it is loaded.
///
/// Weights stay in the mapped file. The system drops pages that were not used for the longest time and reads them from the
/// disk when they are needed again. Only what the engine allocates must fit.
public struct WeightPaging: Sendable, Equatable {
    /// Bytes of the weights in use that do not fit; more than 0.
    public let missingBytes: Int
    /// Bytes that are read from the disk for a token, on average.
    public let diskBytesPerToken: Int

    /// Nil if all weights fit that tokens use, or if not even what is allocated does.
    ///
    /// - Parameters:
    ///   - resident: what must stay in memory: KV cache, buffers and copies of matrices, in bytes.
    ///   - memory: what there is, in bytes.
    public init?(_ use: WeightUse, resident: Int, memory: Int) {
        let room = memory - resident
        let always = use.activeBytes - use.activeExpertBytes
        let missing = always + use.expertBytes - room
        guard room >= 0, missing > 0 else { return nil }
        missingBytes = missing
        if always > room || use.expertBytes <= 0 {
            // Every token reads the same weights in the same order, so each page is dropped just before it is used again.
            diskBytesPerToken = use.activeBytes
        } else {
            let share = Double(missing) / Double(use.expertBytes) * Self.rereadFactor
            diskBytesPerToken = Int(Double(use.activeExpertBytes) * min(1, share))
        }
    }

    /// How many times as often as their share weights are read again that are used at random. Measured on Linux with a file
    /// that is read in random blocks of 5 MB, in a control group with too little memory: with 8 % missing, 27 % of the bytes
    /// came from the disk, with 28 % missing 73 %. (Read in order, all came from the disk in both cases.)
    private static let rereadFactor = 3.0

    /// Bytes that the KV cache may take: half of what the weights leave. If they leave nothing, an eighth of the memory
    /// that is not allocated, because their pages can be dropped.
    ///
    /// - Parameters:
    ///   - fixed: weights and buffers together, in bytes.
    ///   - weights: the files alone.
    static func cacheRoom(memory: Int, fixed: Int, weights: Int) -> Int {
        fixed < memory ? (memory - fixed) / 2 : max(0, (memory - (fixed - weights)) / 8)
    }
}
