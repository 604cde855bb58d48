/// Times between events. They are measured with a clock that only goes forward: the wall clock may be set back by
/// hours, by a time server or after a suspension, and nothing would be drawn until it has caught up.
extension ContinuousClock.Instant {
    func seconds(since earlier: ContinuousClock.Instant) -> Double { earlier.duration(to: self) / .seconds(1) }
}
