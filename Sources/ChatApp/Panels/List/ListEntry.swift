/// An entry of a list.
struct ListEntry: Sendable {
    /// What sort of thing it is, if the list has several.
    var kind: String?
    var title: String
    /// Shown after the title, such as a command's arguments; a filter does not match it as part of the title.
    var suffix = ""
    /// Other names, which a filter matches like the title.
    var aliases: [String] = []
    /// Whether the title is a sentence, in which a filter matches words and not scattered letters.
    var isSentence = false
    /// The most important first: the last are left out if there is no room.
    var details: [String] = []
    /// The details in columns, as the screen shows them; nil if they are shown one after the other.
    var cells: [ListCell]?
    /// Why it cannot be chosen, in one line; nil if it can.
    var problem: String?
    /// What is wrong with it although it can be chosen, one line each.
    var remarks: [String] = []
    /// Whether it is the one in use.
    var isCurrent = false
    var choice: Choice
    /// Characters of the title that the filter matched.
    var matches: Set<Int> = []
    /// The text found in it by a full-text search.
    var excerpt: String?
}
