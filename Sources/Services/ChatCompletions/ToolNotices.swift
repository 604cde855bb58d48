/// What the user reads when a model calls a tool although none was offered: once for each tool.
struct ToolNotices {
    /// More are not worth a line each.
    private static let limit = 5
    private var seen: Set<String> = []

    /// - Parameter name: of the tool; nil for the later pieces of a call.
    mutating func take(_ name: String?) -> ReplyPart? {
        guard let name, seen.count < Self.limit, seen.insert(name).inserted else { return nil }
        return .notice(
            "The model asked for a tool that Sotto does not have: \(ServiceError.line(String(name.prefix(60))))")
    }
}
