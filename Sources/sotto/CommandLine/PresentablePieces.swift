/// Makes streamed text safe to show, with the same result as for the text as a whole: a combining mark or joiner at the
/// start of a piece belongs to the last character of the piece before.
struct PresentablePieces {
    private var last = ""

    mutating func next(_ piece: String) -> String {
        let shown = StandardOutput.presentable(last + piece)
        let known = StandardOutput.presentable(last).unicodeScalars.count
        last = String((last + piece).suffix(1))
        return String(String.UnicodeScalarView(shown.unicodeScalars.dropFirst(known)))
    }
}
