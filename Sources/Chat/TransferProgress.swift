/// How far a download is, how fast it is, and how long it will take.
public struct TransferProgress: Sendable, Equatable {
    public private(set) var bytes: Int
    /// nil if the source does not say.
    public private(set) var total: Int?
    /// What arrived in the last seconds, oldest first. Nothing counts until the model itself arrives, after lists of
    /// files.
    private var samples: [Sample] = []

    private struct Sample: Sendable, Equatable {
        /// In seconds.
        var time: Double
        var bytes: Int
    }

    /// Seconds over which the rate is averaged.
    private static let window = 10.0
    /// Seconds between two samples.
    private static let interval = 0.5

    /// - Parameter bytes: what is here from an earlier try.
    public init(bytes: Int = 0, total: Int? = nil) {
        self.bytes = max(0, bytes)
        self.total = total
    }

    /// What a plan says: it knows no less than what has arrived.
    public mutating func apply(_ plan: PullPlan) {
        total = plan.bytes ?? total
        bytes = max(bytes, plan.presentBytes)
    }

    /// - Parameter time: seconds on any clock that does not go back.
    public mutating func update(_ bytes: Int, of total: Int?, at time: Double) {
        self.bytes = max(0, bytes)
        self.total = total ?? self.total
        // A server that sends everything again, or a clock that was set back.
        if let last = samples.last, last.bytes > self.bytes || last.time > time { samples = [] }
        // The first bytes are lists of files.
        guard hasBegun || self.bytes > min((self.total ?? .max) / 100, 1 << 20) else { return }
        if let last = samples.last, time - last.time < Self.interval { return }
        samples.append(Sample(time: time, bytes: self.bytes))
        while samples.count > 2, time - samples[1].time >= Self.window { samples.removeFirst() }
    }

    /// Whether the model itself arrives.
    public var hasBegun: Bool { !samples.isEmpty }

    /// The share that has arrived, in percent; nil if the total is not known.
    public var percent: Int? {
        total.flatMap { $0 > 0 ? Int(min(100, max(0, Double(bytes) / Double($0) * 100))) : nil }
    }

    /// Bytes per second over the last seconds; nil if that is not known yet.
    public func rate(at time: Double) -> Double? {
        guard let first = samples.first, bytes > first.bytes else { return nil }
        let seconds = time - first.time
        return seconds > 0.5 ? Double(bytes - first.bytes) / seconds : nil
    }

    /// Seconds until all bytes are here; nil if that is not known.
    public func secondsLeft(at time: Double) -> Double? {
        guard let total, bytes < total, let rate = rate(at: time) else { return nil }
        return Double(total - bytes) / rate
    }

    /// "41 MB of 93 MB", "12 MB/s", "4 s left", as far as they are known.
    public func facts(at time: Double) -> [String] {
        [
            ByteText.size(bytes) + (total.map { " of \(ByteText.size($0))" } ?? ""),
            rate(at: time).map { "\(ByteText.size(Int(min($0, 1e15))))/s" },
            secondsLeft(at: time).map { "\(DurationText.whole($0)) left" },
        ].compactMap(\.self)
    }
}
