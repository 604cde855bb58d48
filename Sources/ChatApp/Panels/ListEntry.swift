import TUI

/// One thing to choose.
struct ListEntry: Sendable {
    /// What sort of thing it is, where the list holds several.
    var kind: String?
    var title: String
    /// What stands behind the title, such as a command's arguments; a filter does not look for it there.
    var suffix = ""
    /// Other names that it is known by.
    var aliases: [String] = []
    /// Whether the title is a sentence rather than a name: it is met only as it stands.
    var isSentence = false
    /// The most important first: the last give way where there is little room.
    var details: [String] = []
    /// Why it cannot be chosen, in one line; nil when it can.
    var problem: String?
    /// What is wrong with it though it can be chosen, one line each.
    var remarks: [String] = []
    /// Whether it is the one in use.
    var isCurrent = false
    var choice: Choice
    /// Characters of the title that the filter met.
    var matches: Set<Int> = []
    /// What was found in it, for a full-text search.
    var excerpt: String?
}
