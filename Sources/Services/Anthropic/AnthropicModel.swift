import Chat
import Sampling

/// What a model takes, by the version in its name. What a name does not say, the service's errors do.
///
/// Sources: platform.claude.com/docs/en/build-with-claude/adaptive-thinking, …/extended-thinking and
/// …/about-claude/models/whats-new-claude-4-6. Adaptive thinking came, and continuing a reply went, with 4.6; since 4.7
/// no model takes sampling parameters or a budget.
struct AnthropicModel {
    let name: String
    /// Nil for names without one, such as those of other makers' models behind the same protocol.
    private let version: Version?
    private let isClaude: Bool

    /// "claude-opus-4-6" is 4.6, "claude-3-7-sonnet-20250219" is 3.7, "claude-sonnet-4-20250514" is 4.0.
    init(_ name: String) {
        self.name = name
        isClaude = name.hasPrefix("claude")
        version = isClaude ? Self.version(in: name) : nil
    }

    private static func version(in name: String) -> Version? {
        let parts = name.split { $0 == "-" || $0 == "." || $0 == "@" }
        let numbers = parts.map { $0.count <= 2 ? Int($0) : nil }
        guard let index = numbers.firstIndex(where: { $0 != nil }), let major = numbers[index] else { return nil }
        return Version(major: major, minor: index + 1 < numbers.count ? numbers[index + 1] ?? 0 : 0)
    }

    private struct Version: Comparable {
        var major: Int
        var minor: Int

        static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    /// A Claude of unknown version is a newer one.
    private func isSince(_ major: Int, _ minor: Int) -> Bool {
        version.map { $0 >= Version(major: major, minor: minor) } ?? isClaude
    }

    /// Whether a last message by the assistant is continued.
    var continues: Bool { !isSince(4, 6) }
    /// Whether the model itself decides how long to think.
    var isAdaptive: Bool { isSince(4, 6) }
    /// Whether it still takes a budget for its thinking.
    var takesBudget: Bool { !isSince(4, 7) }
    var takesSampling: Bool { !isSince(4, 7) }
    /// Whether it takes temperature and top-p together.
    var takesBoth: Bool { !isSince(4, 1) }

    /// What is not sent although the user may have meant it, in one line each.
    func notes(on settings: GenerationSettings) -> [String] {
        var notes: [String] = []
        let (sampling, usual) = (settings.sampling, SamplingSettings())
        let hasTemperature = sampling.temperature != usual.temperature
        let hasTopP = sampling.topP != usual.topP
        if !takesSampling, hasTemperature || hasTopP || sampling.topK != usual.topK {
            notes.append("\(name) takes no temperature, top_k and top_p; they are not sent")
        } else if takesSampling, !takesBoth, hasTemperature, hasTopP {
            notes.append("\(name) takes temperature or top_p, not both; top_p is not sent")
        }
        if !takesBudget, settings.thinking == .on, settings.reasoningBudget > 0 {
            notes.append("\(name) decides itself how long to think; reasoning_budget is not sent")
        }
        return notes
    }
}
