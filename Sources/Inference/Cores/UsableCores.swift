import Foundation

/// The cores that this process can really use: the default number of compute threads, with the reason for it.
///
/// A thread without a core of its own makes every pass slower, because the others wait for it: two threads on one core
/// are slower than one.
public struct UsableCores: Sendable, Equatable {
    /// One thread per usable core: 1…256.
    public let count: Int
    /// Physical cores of the computer, without hyper-threads; at least `count`.
    public let total: Int
    /// What makes `count` smaller than `total`.
    public let limits: [Limit]

    public enum Limit: String, Sendable {
        /// Some cores are slow ones, made to save power.
        case performanceCores = "performance cores only"
        /// The process may run on some processors only (taskset, a cgroup's cpuset).
        case affinity = "limited by CPU affinity"
        /// A cgroup's share of processor time (containers, systemd's `CPUQuota`).
        case quota = "limited by CPU quota"
        /// The most threads that the pool supports.
        case most = "limited to 256 threads"
    }

    /// Reads the limits as they are now. They can change while the process runs.
    public static var current: UsableCores {
        #if canImport(Darwin)
            fromSystemControl()
        #else
            UsableCores(SystemFiles(root: "/"), processors: ProcessInfo.processInfo.activeProcessorCount)
        #endif
    }

    /// - Parameters:
    ///   - counts: how many cores are left after each limit, in the order of the limits.
    init(total: Int, after counts: [(limit: Limit, cores: Int)]) {
        var left = max(1, total)
        var limits: [Limit] = []
        for (limit, cores) in counts + [(.most, 256)] where cores < left {
            left = max(1, cores)
            limits.append(limit)
        }
        count = left
        self.total = max(1, total)
        self.limits = left < self.total ? limits : []
    }
}

extension UsableCores: CustomStringConvertible {
    /// Such as "2 of 16 cores (limited by CPU quota)", or "2 cores".
    public var description: String {
        guard count < total else { return total == 1 ? "1 core" : "\(total) cores" }
        return "\(count) of \(total) cores (\(limits.map(\.rawValue).joined(separator: ", ")))"
    }
}
