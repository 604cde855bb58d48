import Foundation

/// Times for people, in their own time zone. JSON has them in UTC.
enum LocalTime {
    /// "2026-11-28 19:12"
    static func text(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current)
            .year().month().day().time(includingFractionalSeconds: false)
        return String(date.formatted(style).prefix("2026-11-28 19:12".count))
    }
}
