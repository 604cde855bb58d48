/// How long the decoder waits for the rest of a key.
public struct InputPatience: Sendable, Equatable {
    /// After Esc, which begins nearly every sequence. It is the delay of the Esc key itself.
    public var escape: Duration
    /// After a sequence has begun. Nobody types one, so this only matters after Alt-[ and for lost bytes.
    public var sequence: Duration

    public init(escape: Duration, sequence: Duration = .seconds(1)) {
        self.escape = escape
        self.sequence = sequence
    }

    /// A terminal on this computer: the delay is hardly noticed.
    public static let local = InputPatience(escape: .milliseconds(60))
    /// Over a network, the bytes of one key may arrive in packets of their own.
    public static let remote = InputPatience(escape: .milliseconds(200))

    /// Which of them applies, according to the environment: the variables that ssh sets, also for mosh.
    public init(environment: [String: String]) {
        let names = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        self = names.contains { environment[$0]?.isEmpty == false } ? .remote : .local
    }
}
