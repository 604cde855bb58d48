import Foundation
import Jinja
import Testing

/// What Python's jinja2 gave, as the scripts under `scripts/golden/` wrote it down.
enum GoldenData {
    enum Outcome: Equatable {
        case text(String)
        /// A length and an FNV-1a hash of the text.
        case fingerprint(String)
        /// The template's own message.
        case raised(String)
        /// The name of Python's exception.
        case error(String)
    }

    /// One small template.
    struct Snippet: Sendable, CustomTestStringConvertible {
        let source: String
        let outcome: Outcome
        var testDescription: String { source }
    }

    /// One chat template, and what it makes of every conversation.
    struct Template: Sendable, CustomTestStringConvertible {
        let name: String
        let outcomes: [(conversation: String, outcome: Outcome)]
        var testDescription: String { name }
    }

    private static let snippetFile = document("jinja_snippets")
    private static let templateFile = document("chat_templates")

    static let snippetContext = context(snippetFile["context"])
    static let snippets = snippetFile["cases"].elements.map {
        Snippet(source: $0["source"].text ?? "", outcome: outcome($0))
    }

    static let required = templates("required")
    static let others = templates("others")
    /// Contexts by the name of the conversation.
    static let contexts = templateFile["contexts"].entries.reduce(into: [:]) { $0[$1.name] = context($1.value) }
    /// The template of the default model, which comes from its file.
    static let embedded = templateFile["source"]["SmolLM2"].text ?? ""

    private static func templates(_ part: String) -> [Template] {
        templateFile[part].entries.map { template in
            Template(
                name: template.name, outcomes: template.value.entries.map { ($0.name, outcome($0.value)) })
        }
    }

    private static func outcome(_ value: JinjaValue) -> Outcome {
        if let text = value["text"].text { return .text(text) }
        if let fingerprint = value["fingerprint"].text { return .fingerprint(fingerprint) }
        if let message = value["raised"].text { return .raised(message) }
        return .error(value["error"].text ?? "")
    }

    private static func context(_ value: JinjaValue) -> [String: JinjaValue] {
        value.entries.reduce(into: [:]) { $0[$1.name] = $1.value }
    }

    private static func document(_ name: String) -> JinjaValue {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
        guard let data = try? Data(contentsOf: file) else { return .none }
        return (try? JinjaValue(json: Array(data))) ?? .none
    }

    // MARK: - Comparing

    /// The time that the scripts gave to `strftime_now`.
    static let clock = JinjaClock(year: 2026, month: 3, day: 9, hour: 7, minute: 5, second: 2)

    /// Renders `source`, and tells the outcome in the same form.
    static func render(_ source: String, _ context: [String: JinjaValue]) -> (outcome: Outcome, error: JinjaError?) {
        do throws(JinjaError) {
            return (.text(try JinjaTemplate(source).render(context, clock: clock).text), nil)
        } catch {
            return (error.kind == .raised ? .raised(error.message) : .error(error.kind.rawValue), error)
        }
    }

    /// Whether an outcome of ours is what Python's was. Of errors the kind must agree where Python names one.
    static func agrees(_ ours: Outcome, with golden: Outcome) -> Bool {
        switch (ours, golden) {
        case (.text(let text), .fingerprint(let fingerprint)): Self.fingerprint(text) == fingerprint
        // Compared by bytes: Swift's == would take composed and decomposed letters for the same.
        case (.text(let ours), .text(let golden)): Array(ours.utf8) == Array(golden.utf8)
        case (.error(let kind), .error(let exception)): kinds[exception]?.contains(kind) ?? (kind != "raised")
        default: ours == golden
        }
    }

    private static let kinds: [String: Set<String>] = [
        "TemplateSyntaxError": ["syntax"], "TemplateAssertionError": ["syntax"], "UndefinedError": ["undefined"],
        "SecurityError": ["security"], "OverflowError": ["limit"], "ZeroDivisionError": ["type"],
    ]

    private static func fingerprint(_ text: String) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(value, radix: 16)
        return "\(text.utf8.count)-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension JinjaValue {
    subscript(key: String) -> JinjaValue {
        if case .dict(let dict) = self { return dict[key] ?? .none }
        return .none
    }

    var elements: [JinjaValue] {
        if case .sequence(let sequence) = self { return sequence.elements }
        return []
    }

    var entries: [(name: String, value: JinjaValue)] {
        guard case .dict(let dict) = self else { return [] }
        return dict.entries.map { ($0.key.text ?? "", $0.value) }
    }

    var text: String? {
        if case .string(let string) = self { return string.text }
        return nil
    }
}
