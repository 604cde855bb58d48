/// Times for `poll`.
enum PollTime {
    /// The milliseconds until a deadline, rounded up, at most a minute.
    static func milliseconds(until due: ContinuousClock.Instant) -> Int32 {
        let milliseconds = ContinuousClock.now.duration(to: due) / .milliseconds(1)
        return Int32(min(60_000, max(0, milliseconds)).rounded(.up))
    }
}
