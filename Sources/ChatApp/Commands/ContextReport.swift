/// How full a model's context is, in words.
public enum ContextReport {
    /// - Parameters:
    ///   - tokens: the length of the prompt as the model would read it now.
    ///   - limit: the size of the context, in tokens.
    public static func text(tokens: Int, limit: Int, messages: Int) -> String {
        let share = limit > 0 ? tokens * 100 / limit : 100
        let rows = ReportRows.text([
            ("messages", "\(messages)"),
            ("prompt", "\(Format.count(tokens, "token")), \(share) % of the context"),
            ("context", Format.count(limit, "token")),
            ("free", Format.count(max(0, limit - tokens), "token")),
        ])
        let remark =
            tokens < limit
            ? "When the context is full, the oldest turns are left out, and a notice says so."
            : "The latest message and its reply fill the context. /set num_ctx enlarges it, /new starts afresh."
        return rows + "\n\n" + remark
    }
}
