import CNcurses
import Foundation
import TUI

/// Allocates ncurses colour pairs: ncurses draws in numbered pairs of foreground and background.
struct ColorPairs {
    let depth: ColorDepth
    /// By theme colours, so that each is looked up in the palette only once.
    private var numbers: [StyleColors: Int32] = [:]
    private var pairs: [Pair: Int32] = [:]

    private struct StyleColors: Hashable {
        var foreground: Color
        var background: Color
    }

    private struct Pair: Hashable {
        var foreground: ColorDepth.TerminalColor
        var background: ColorDepth.TerminalColor
    }

    /// Call after ncurses has started.
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

    /// The pair of a style's colours; 0 (the terminal's defaults) if no pair is left.
    mutating func number(of style: Style) -> Int32 {
        let colors = StyleColors(foreground: style.foreground, background: style.background)
        if let number = numbers[colors] { return number }
        let nearest = depth.colors(of: style)
        let number = number(of: Pair(foreground: nearest.foreground, background: nearest.background))
        numbers[colors] = number
        return number
    }

    private mutating func number(of pair: Pair) -> Int32 {
        if pair == Pair(foreground: .standard, background: .standard) { return 0 }
        if let number = pairs[pair] { return number }
        let number = Int32(pairs.count + 1)
        guard number < sotto_color_pair_count(),
            init_extended_pair(number, Self.value(pair.foreground), Self.value(pair.background)) == OK
        else { return 0 }
        pairs[pair] = number
        return number
    }

    /// The colour number in ncurses. With direct colour, values below 8 still mean the palette.
    private static func value(_ color: ColorDepth.TerminalColor) -> Int32 {
        switch color {
        case .standard: -1
        case .index(let index): Int32(index)
        case .rgb(let red, let green, let blue): max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }
}
