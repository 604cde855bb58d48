import Chat

/// The model being fetched.
public struct RunningPull: Sendable, Equatable {
    /// As it was asked for; events of the pull name it.
    public let address: String
    /// What is fetched; nil until the source has answered.
    private(set) var plan: PullPlan?
    private(set) var bytes: Int
    private(set) var total: Int?
    var isChecking = false
    var isStopping = false
    /// What arrived in the last seconds, oldest first. Nothing counts until the model itself arrives, after lists of
    /// files.
    private var samples: [Sample] = []

    private struct Sample: Sendable, Equatable {
        var time: ContinuousClock.Instant
        var bytes: Int
    }

    /// Seconds over which the rate is averaged.
    private static let window: Double = 10
    /// Seconds between two samples.
    private static let interval: Double = 0.5

    init(address: String, plan: PullPlan?) {
        self.address = address
        self.plan = plan
        bytes = plan?.presentBytes ?? 0
        total = plan?.bytes
    }

    mutating func apply(_ plan: PullPlan) {
        self.plan = plan
        total = plan.bytes ?? total
        bytes = max(bytes, plan.presentBytes)
    }

    mutating func progress(_ bytes: Int, of total: Int?, now: ContinuousClock.Instant) {
        isChecking = false
        self.bytes = max(0, bytes)
        self.total = total ?? self.total
        // A server that sends everything again.
        if let last = samples.last, last.bytes > self.bytes { samples = [] }
        // The first bytes are lists of files.
        guard !samples.isEmpty || self.bytes > min((self.total ?? .max) / 100, 1 << 20) else { return }
        if let last = samples.last, now.seconds(since: last.time) < Self.interval { return }
        samples.append(Sample(time: now, bytes: self.bytes))
        while samples.count > 2, now.seconds(since: samples[1].time) >= Self.window { samples.removeFirst() }
    }

    /// Bytes per second over the last seconds; nil if that is not known yet.
    func rate(now: ContinuousClock.Instant) -> Double? {
        guard let first = samples.first, bytes > first.bytes else { return nil }
        let seconds = now.seconds(since: first.time)
        return seconds > 0.5 ? Double(bytes - first.bytes) / seconds : nil
    }

    /// Seconds until all bytes are here; nil if that is not known.
    func secondsLeft(now: ContinuousClock.Instant) -> Double? {
        guard let total, bytes < total, let rate = rate(now: now) else { return nil }
        return Double(total - bytes) / rate
    }

    /// "downloading 41 of 93 MB · 12 MB/s · 4 s left", joined by `separator`.
    func text(now: ContinuousClock.Instant, separator: String) -> String {
        if isStopping { return "stopping the download" }
        if isChecking { return "checking the download" }
        let size = total.map(Format.bytes)
        guard !samples.isEmpty else { return "starting the download" + (size.map { " of \($0)" } ?? "") }
        var parts = ["downloading \(Format.bytes(bytes))" + (size.map { " of \($0)" } ?? "")]
        if let rate = rate(now: now) { parts.append("\(Format.bytes(Int(rate)))/s") }
        if let left = secondsLeft(now: now) { parts.append("\(Format.wholeSeconds(left)) left") }
        return parts.joined(separator: separator)
    }
}
