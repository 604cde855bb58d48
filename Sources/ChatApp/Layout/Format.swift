import Chat
import Foundation

/// Numbers, sizes and times in readable form.
enum Format {
    /// "1 line", "12 lines", "8,192 tokens"
    static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// "812", "8,192"
    static func grouped(_ number: Int) -> String {
        var digits = "\(number.magnitude)"
        guard digits.utf8.count > 3 else { return "\(number)" }
        var groups: [String] = []
        while digits.utf8.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// "214 tokens/s"; nil if there is no rate.
    static func rate(_ tokensPerSecond: Double) -> String? {
        guard tokensPerSecond.isFinite, tokensPerSecond > 0 else { return nil }
        return "\(number(tokensPerSecond)) tokens/s"
    }

    /// With one decimal place if the value is small, else none.
    static func number(_ value: Double) -> String {
        value < 10 ? decimal(value, places: 1) : decimal(min(value, 1e9), places: 0)
    }

    /// With a number of decimal places. (Foundation's formatting would cost more than the rest of the status line.)
    static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded(.toNearestOrEven))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if places == 0 { return "\(sign)\(scaled)" }
        let fraction = "\(scaled % scale)"
        return "\(sign)\(scaled / scale).\(String(repeating: "0", count: places - fraction.utf8.count))\(fraction)"
    }

    static func seconds(_ value: Double) -> String {
        (0..<10).contains(value) ? decimal(value, places: 2) + " s" : DurationText.whole(value)
    }

    /// "135 M", "1.7 B", "30.5 B", "32 B", "235 B".
    static func parameters(_ count: Int) -> String {
        let millions = Double(max(0, count)) / 1e6
        guard millions >= 999.5 else { return "\(decimal(max(1, millions), places: 0)) M" }
        let billions = millions / 1000
        let tenths = decimal(billions, places: 1)
        let isBrief = billions >= 99.95 || billions >= 9.95 && tenths.hasSuffix(".0")
        return "\(isBrief ? decimal(billions, places: 0) : tenths) B"
    }

    /// "512", "8k", "128k".
    static func tokens(_ count: Int) -> String {
        count < 1024 ? "\(count)" : "\(count / 1024)k"
    }

    /// "1000", "1M": whole millions, decimal or binary, are abbreviated.
    static func brief(_ number: Int) -> String {
        for million in [1_000_000, 1 << 20] where number >= million && number % million == 0 {
            return "\(number / million)M"
        }
        return "\(number)"
    }

    /// Hours and minutes on a 24-hour clock.
    static func time(_ date: Date, in zone: TimeZone) -> String {
        let local = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        let minutes = ((local / 60) % 1440 + 1440) % 1440
        return String(format: "%02d:%02d", minutes / 60, minutes % 60)
    }

    /// How long ago a date was: "now", "5 min", "3 d"; nil for a date that was never set.
    static func age(_ date: Date, now: Date) -> String? {
        guard date.timeIntervalSince1970 > 0 else { return nil }
        let seconds = now.timeIntervalSince(date)
        switch seconds {
        case ..<60: return "now"
        case ..<3600: return "\(Int(seconds / 60)) min"
        case ..<86_400: return "\(Int(seconds / 3600)) h"
        case ..<(86_400 * 60): return "\(Int(seconds / 86_400)) d"
        default: return "\(Int(min(seconds / (86_400 * 30), 9999))) mo"
        }
    }
}
