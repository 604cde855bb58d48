import Chat

/// The model being fetched.
public struct RunningPull: Sendable, Equatable {
    /// As it was asked for; events of the pull name it.
    public let address: String
    /// What is fetched; nil until the source has answered.
    private(set) var plan: PullPlan?
    private(set) var progress: TransferProgress
    /// When the first bytes were reported.
    private var began: ContinuousClock.Instant?
    var isChecking = false
    var isStopping = false

    init(address: String, plan: PullPlan?) {
        self.address = address
        self.plan = plan
        progress = TransferProgress(bytes: plan?.presentBytes ?? 0, total: plan?.bytes)
    }

    mutating func apply(_ plan: PullPlan) {
        self.plan = plan
        progress.apply(plan)
    }

    mutating func update(_ bytes: Int, of total: Int?, now: ContinuousClock.Instant) {
        isChecking = false
        began = began ?? now
        progress.update(bytes, of: total, at: seconds(now))
    }

    /// Since the first report.
    private func seconds(_ now: ContinuousClock.Instant) -> Double { began.map { now.seconds(since: $0) } ?? 0 }

    /// "downloading 41 MB of 93 MB · 12 MB/s · 4 s left", joined by `separator`.
    func text(now: ContinuousClock.Instant, separator: String) -> String {
        if isStopping { return "stopping the download" }
        if isChecking { return "checking the download" }
        guard progress.hasBegun else {
            return "starting the download" + (progress.total.map { " of \(ByteText.size($0))" } ?? "")
        }
        let facts = progress.facts(at: seconds(now))
        return "downloading " + facts.joined(separator: separator)
    }
}
