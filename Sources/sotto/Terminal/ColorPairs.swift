import CNcurses
import Foundation
import TUI

/// ncurses draws in numbered pairs of colours; this hands out the numbers.
struct ColorPairs {
    let depth: ColorDepth
    /// By a theme's colours: each is looked up in the palette once.
    private var numbers: [Wanted: Int32] = [:]
    private var pairs: [Pair: Int32] = [:]

    private struct Wanted: Hashable {
        var foreground: Color
        var background: Color
    }

    private struct Pair: Hashable {
        var foreground: ColorDepth.TerminalColor
        var background: ColorDepth.TerminalColor
    }

    /// Call once ncurses is running.
    init() {
        guard has_colors() else {
            depth = .none
            return
        }
        start_color()
        use_default_colors()
        depth = ColorDepth(
            colors: Int(sotto_color_count()), isDirect: sotto_has_direct_color(),
            environment: ProcessInfo.processInfo.environment)
    }

    /// The pair of a style's colours; 0 (the terminal's own) where there are none left.
    mutating func number(_ style: Style) -> Int32 {
        let wanted = Wanted(foreground: style.foreground, background: style.background)
        if let number = numbers[wanted] { return number }
        let colors = depth.colors(of: style)
        let number = number(Pair(foreground: colors.foreground, background: colors.background))
        numbers[wanted] = number
        return number
    }

    private mutating func number(_ pair: Pair) -> Int32 {
        if pair == Pair(foreground: .standard, background: .standard) { return 0 }
        if let number = pairs[pair] { return number }
        let number = Int32(pairs.count + 1)
        guard number < sotto_color_pair_count(),
            init_extended_pair(number, Self.value(pair.foreground), Self.value(pair.background)) == OK
        else { return 0 }
        pairs[pair] = number
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
