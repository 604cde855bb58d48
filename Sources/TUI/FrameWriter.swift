/// Puts what a frame consists of into one piece for the terminal.
///
/// The cursor is hidden while cells are written and shown again only at its place, because input methods and
/// magnifiers follow it. A terminal with synchronized updates (DEC mode 2026) shows the frame at once; others ignore the
/// two marks.
public struct FrameWriter: Sendable {
    /// Whether the terminal shows its cursor; nil if that is unknown.
    private var showsCursor: Bool?

    public init() {}

    private static let begin = "\u{1B}[?2026h", end = "\u{1B}[?2026l"
    private static let hide = "\u{1B}[?25l", show = "\u{1B}[?25h"

    /// The bytes of a frame; none if it changes nothing.
    ///
    /// - Parameters:
    ///   - drawing: what draws the cells; the cursor ends at its place.
    ///   - hasCursor: whether the cursor is visible then.
    public mutating func bytes(_ drawing: [UInt8], hasCursor: Bool) -> [UInt8] {
        guard !drawing.isEmpty || hasCursor != showsCursor else { return [] }
        let hiding = showsCursor == false ? "" : Self.hide
        showsCursor = hasCursor
        return Array((Self.begin + hiding).utf8) + drawing + Array(((hasCursor ? Self.show : "") + Self.end).utf8)
    }

    /// Another program had the terminal.
    public mutating func forget() { showsCursor = nil }
}
