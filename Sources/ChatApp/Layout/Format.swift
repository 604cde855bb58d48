import Chat
import Foundation

/// Numbers, sizes and times as people read them.
enum Format {
    /// "1 line", "12 lines"
    static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    static func rate(_ tokensPerSecond: Double) -> String? {
        guard tokensPerSecond.isFinite, tokensPerSecond > 0 else { return nil }
        return "\(number(tokensPerSecond)) tok/s"
    }

    /// Two digits where the value is small, none where it is large.
    static func number(_ value: Double) -> String {
        value < 10 ? decimal(value, places: 1) : decimal(min(value, 1e9), places: 0)
    }

    /// With so many digits after the point. (Foundation's formats cost more than all else in the status line.)
    private static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded(.toNearestOrEven))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if places == 0 { return "\(sign)\(scaled)" }
        let fraction = "\(scaled % scale)"
        return "\(sign)\(scaled / scale).\(String(repeating: "0", count: places - fraction.utf8.count))\(fraction)"
    }

    static func seconds(_ value: Double) -> String {
        (0..<10).contains(value) ? decimal(value, places: 2) + " s" : wholeSeconds(value)
    }

    static func wholeSeconds(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return "?" }
        if value < 120 { return decimal(value, places: 0) + " s" }
        return decimal(min(value / 60, 1e6), places: 0) + " min"
    }

    static func bytes(_ count: Int) -> String {
        var value = Double(max(0, count))
        for unit in ["B", "kB", "MB"] {
            if value < 999.5 { return "\(unit == "B" ? "\(count)" : number(value)) \(unit)" }
            value /= 1000
        }
        return "\(number(value)) GB"
    }

    /// "135M", "1.7B".
    static func parameters(_ count: Int) -> String {
        count < 1_000_000_000 ? "\(max(1, count / 1_000_000))M" : decimal(Double(count) / 1e9, places: 1) + "B"
    }

    /// "512", "8k", "128k".
    static func tokens(_ count: Int) -> String {
        count < 1024 ? "\(count)" : "\(count / 1024)k"
    }

    /// "1000", "1M": whole millions, of whichever kind, by their letter.
    static func brief(_ number: Int) -> String {
        for million in [1_000_000, 1 << 20] where number >= million && number % million == 0 {
            return "\(number / million)M"
        }
        return "\(number)"
    }

    /// Hours and minutes on a 24 hour clock.
    static func time(_ date: Date, in zone: TimeZone) -> String {
        let local = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        let minutes = ((local / 60) % 1440 + 1440) % 1440
        return String(format: "%02d:%02d", minutes / 60, minutes % 60)
    }

    /// nil for a date that was never set.
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

extension AppState {
    /// A model's name as it is shown: of a file its name alone, and without the format that stands beside it anyway.
    func displayName(of reference: ModelReference) -> String {
        let file = reference.name.split(separator: "/").last.map(String.init) ?? reference.name
        let name = file.hasSuffix(".gguf") ? String(file.dropLast(5)) : file
        guard let format = library.info(of: reference)?.format,
            name.lowercased().hasSuffix(format.lowercased())
        else { return name }
        let stem = name.dropLast(format.count)
        return stem.count > 1 && stem.last.map { ".-_ ".contains($0) } == true ? String(stem.dropLast()) : name
    }
}
