import Jinja

/// The variables that turn thinking on and off in chat templates.
public enum ThinkingSwitch {
    private static let names = ["enable_thinking", "thinking"]

    /// For `Prompt.messages`.
    public static func variables(isOn: Bool) -> [String: JinjaValue] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .bool(isOn)) })
    }

    /// Whether a template uses one of them.
    public static func isKnown(to template: String) -> Bool {
        template.contains("enable_thinking") || template.contains("not thinking") || template.contains("if thinking")
    }
}
