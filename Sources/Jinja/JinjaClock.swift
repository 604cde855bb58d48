#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The date and time that `strftime_now` reports to a template.
public struct JinjaClock: Sendable, Equatable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = min(max(month, 1), 12)
        self.day = min(max(day, 1), 31)
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The current local time.
    public static var now: JinjaClock {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return JinjaClock(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// Days since the last Sunday, by Sakamoto's method.
    private var weekday: Int {
        let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        let year = month < 3 ? self.year - 1 : self.year
        return (year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + day) % 7
    }

    /// The day of the year, counted from 1.
    private var dayOfYear: Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.prefix(month - 1).reduce(0, +) + day
    }

    /// The output of each `strftime` directive in the C locale.
    private static let directives: [Character: @Sendable (JinjaClock) -> String] = [
        "Y": { padded($0.year, 4) },
        "y": { padded($0.year % 100, 2) },
        "m": { padded($0.month, 2) },
        "d": { padded($0.day, 2) },
        "e": { padded($0.day, 2, with: " ") },
        "j": { padded($0.dayOfYear, 3) },
        "H": { padded($0.hour, 2) },
        "I": { padded(($0.hour + 11) % 12 + 1, 2) },
        "M": { padded($0.minute, 2) },
        "S": { padded($0.second, 2) },
        "p": { $0.hour < 12 ? "AM" : "PM" },
        "A": { weekdays[$0.weekday] },
        "a": { String(weekdays[$0.weekday].prefix(3)) },
        "w": { String($0.weekday) },
        "B": { months[$0.month - 1] },
        "b": { String(months[$0.month - 1].prefix(3)) },
        "h": { String(months[$0.month - 1].prefix(3)) },
        "F": { $0.formatted("%Y-%m-%d") },
        "T": { $0.formatted("%H:%M:%S") },
        "R": { $0.formatted("%H:%M") },
        "D": { $0.formatted("%m/%d/%y") },
        "x": { $0.formatted("%m/%d/%y") },
        "X": { $0.formatted("%H:%M:%S") },
        "c": { $0.formatted("%a %b %e %H:%M:%S %Y") },
        "n": { _ in "\n" },
        "t": { _ in "\t" },
        "%": { _ in "%" },
    ]

    private static func padded(_ value: Int, _ width: Int, with fill: Character = "0") -> String {
        let digits = String(value)
        return String(repeating: fill, count: max(0, width - digits.count)) + digits
    }

    /// Formats the time like `strftime`. `%-d` omits the leading zero; unknown directives stay as they are.
    func formatted(_ format: String) -> String {
        var result = ""
        var rest = Substring(format)
        while let character = rest.popFirst() {
            let isPlain = rest.first == "-"
            let letter = isPlain ? rest.dropFirst().first : rest.first
            guard character == "%", let letter, let directive = Self.directives[letter] else {
                result.append(character)
                continue
            }
            rest = rest.dropFirst(isPlain ? 2 : 1)
            let text = directive(self)
            let digits = text.drop { $0 == "0" || $0 == " " }
            result += isPlain ? (digits.isEmpty ? "0" : String(digits)) : text
        }
        return result
    }
}
