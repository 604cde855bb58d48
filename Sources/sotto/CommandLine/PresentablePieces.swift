/// Text that comes in pieces, made presentable as if it came in one: a mark or a joiner at the beginning of a piece
/// stands on what the piece before it ended with.
struct PresentablePieces {
    private var last = ""

    mutating func next(_ piece: String) -> String {
        let shown = StandardOutput.presentable(last + piece)
        let known = StandardOutput.presentable(last).unicodeScalars.count
        last = String((last + piece).suffix(1))
        return String(String.UnicodeScalarView(shown.unicodeScalars.dropFirst(known)))
    }
}
