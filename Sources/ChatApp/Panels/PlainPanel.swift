import Chat

/// A panel as plain mode prints it: a title, a text, or choices with numbers.
struct PlainPanel: Sendable {
    /// Printed before the text or the choices.
    var title: String?
    /// Printed if there are no choices.
    var text: String?
    /// Printed with the numbers from 1; nil if there is nothing to choose.
    var choices: [PlainChoice]?
}

/// Something that can be chosen by its number.
struct PlainChoice: Sendable {
    var line: String
    /// Names that can be typed instead of the number, in any case.
    var names: [String] = []
    var result: Result

    enum Result: Sendable {
        case choose(Choice)
        /// It cannot be chosen, for this reason.
        case refuse(String)
        /// Asks for a new value of the setting.
        case change(SettingRow)
        /// Asks for another choice.
        case ask(@Sendable (AppState) -> PlainPanel)
    }

    func isCalled(_ name: String) -> Bool { names.contains { $0.lowercased() == name.lowercased() } }
}
