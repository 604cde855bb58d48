import Foundation
import TUI

/// A part of a text in which something was found, as wide as there is room for.
enum Excerpt {
    /// Cuts the text so that the first occurrence of `query` (ignoring case) can be seen, with a little of what is
    /// before it: "…the stripes of the quagga faded to…". The beginning of the text if it does not occur.
    static func text(_ text: String, around query: String, width: Int) -> String {
        let text = Sanitizer.visible(text)
        let query = query[...].trimmed
        guard DisplayWidth.of(text) > width, !query.isEmpty,
            let match = text.range(of: query, options: .caseInsensitive),
            DisplayWidth.of(String(text[..<match.upperBound])) > width - 1
        else { return Wrapping.truncate(text, width: width) }
        // As much before the match as leaves room for it; a third of the rest for what follows.
        let room = (width - 2 - DisplayWidth.of(String(text[match]))) * 2 / 3
        var start = match.lowerBound
        var used = 0
        while start > text.startIndex {
            let before = text.index(before: start)
            used += DisplayWidth.of(String(text[before]))
            if used > room { break }
            start = before
        }
        return Wrapping.truncate("…" + text[start...], width: width)
    }
}
