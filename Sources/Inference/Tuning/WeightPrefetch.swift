import CKernels

/// How decode prefetches weights. The best choice differs between processors: into the first-level cache, half of the
/// bandwidth of an AMD Zen 4 is lost; without prefetching, that of an Intel Xeon. Replies are the same with all of them.
public struct WeightPrefetch: Sendable, Hashable, Codable {
    public enum Target: String, Sendable, Codable {
        case none
        case firstLevel = "L1"
        case secondLevel = "L2"
    }

    /// The cache that weights are brought into.
    public var target: Target
    /// Bytes ahead of the arithmetic, 0…1 MiB.
    public var distance: Int

    public init(target: Target, distance: Int) {
        self.target = target
        self.distance = distance
    }

    /// What suits most processors.
    public static let standard = WeightPrefetch(target: .secondLevel, distance: 8 << 10)

    /// What the tuner compares, the standard one first.
    public static let candidates = [
        standard,
        WeightPrefetch(target: .secondLevel, distance: 16 << 10),
        WeightPrefetch(target: .secondLevel, distance: 4 << 10),
        WeightPrefetch(target: .firstLevel, distance: 8 << 10),
        WeightPrefetch(target: .firstLevel, distance: 4 << 10),
        WeightPrefetch(target: .none, distance: 0),
    ]

    var kernel: sotto_prefetch {
        let target =
            switch target {
            case .none: SOTTO_PREFETCH_NONE
            case .firstLevel: SOTTO_PREFETCH_L1
            case .secondLevel: SOTTO_PREFETCH_L2
            }
        return sotto_prefetch(target: target, distance: Int32(min(max(0, distance), 1 << 20)))
    }
}

extension WeightPrefetch: CustomStringConvertible {
    /// Such as "into L2, 8 KiB ahead".
    public var description: String {
        target == .none ? "none" : "into \(target.rawValue), \(distance >> 10) KiB ahead"
    }
}
