/// Why a setting cannot be changed, in one line that also says what would be right.
public enum SettingError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, suggestion: String?)
    /// `expected` continues "must be …", as in "a number from 0 to 5".
    case invalid(setting: String, expected: String, given: String)

    public var description: String {
        switch self {
        case .unknown(let name, let suggestion):
            let hint = suggestion.map { "Did you mean \($0)?" } ?? "/show settings lists all settings"
            return "Unknown setting \"\(name.prefix(40))\". \(hint)"
        case .invalid(let setting, let expected, let given):
            return "\(setting) must be \(expected), not \"\(given.prefix(40))\""
        }
    }
}
