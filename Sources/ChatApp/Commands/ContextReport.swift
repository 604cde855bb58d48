/// How full a model's window is, in words.
public enum ContextReport {
    /// - Parameters:
    ///   - tokens: of the prompt as the model would read it now.
    ///   - limit: what the window holds.
    public static func text(tokens: Int, limit: Int, messages: Int) -> String {
        let share = limit > 0 ? tokens * 100 / limit : 100
        let rows = [
            ("messages", "\(messages)"), ("prompt", "\(tokens) tokens, \(share) % of the window"),
            ("window", "\(limit) tokens"), ("left for more", "\(max(0, limit - tokens)) tokens"),
        ]
        return
            (rows.map { $0.0.padded(to: 17) + $0.1 }
            + ["", "When it is full the oldest turns are left out, and the chat says so."]).joined(separator: "\n")
    }
}
