import CNcurses
import Foundation
import TUI

/// ncurses draws in numbered pairs of colours; this hands out the numbers.
struct ColorPairs {
    private let depth: ColorDepth
    private var numbers: [Colors: Int32] = [:]

    private struct Colors: Hashable {
        var foreground: ColorDepth.TerminalColor
        var background: ColorDepth.TerminalColor
    }

    /// What the terminal can do; `NO_COLOR` (https://no-color.org) asks for none of it.
    init() {
        guard has_colors(), (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty else {
            depth = .none
            return
        }
        start_color()
        use_default_colors()
        let count = Int(sotto_color_count())
        depth = sotto_has_direct_color() ? .trueColor : ColorDepth.allCases.last { $0.rawValue <= count } ?? .none
    }

    /// The pair of a style's colours; 0 (the terminal's own) where there are none left.
    mutating func number(_ style: Style) -> Int32 {
        let colors = Colors(foreground: depth.nearest(style.foreground), background: depth.nearest(style.background))
        if let number = numbers[colors] { return number }
        if colors == Colors(foreground: .standard, background: .standard) { return 0 }
        let number = Int32(numbers.count + 1)
        guard number < sotto_color_pair_count(),
            init_extended_pair(number, Self.value(colors.foreground), Self.value(colors.background)) == OK
        else { return 0 }
        numbers[colors] = number
        return number
    }

    /// As ncurses numbers colours. With direct colour the values below 8 still mean the palette.
    private static func value(_ color: ColorDepth.TerminalColor) -> Int32 {
        switch color {
        case .standard: -1
        case .index(let index): Int32(index)
        case .rgb(let red, let green, let blue): max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }
}
