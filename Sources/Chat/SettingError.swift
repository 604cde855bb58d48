/// Why a setting cannot be changed as asked, in one line that says what would be right.
public enum SettingError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, suggestion: String?)
    /// `expected` continues "is …", as in "a number from 0 to 5".
    case invalid(setting: String, expected: String, given: String)

    public var description: String {
        switch self {
        case .unknown(let name, let suggestion):
            let hint = suggestion.map { "did you mean \($0)?" } ?? "/show settings lists them all"
            return "no setting is named '\(name.prefix(40))'; \(hint)"
        case .invalid(let setting, let expected, let given):
            return "\(setting) is \(expected), not '\(given.prefix(40))'"
        }
    }
}
