/// What the mouse did.
enum MouseReport {
    /// - Parameters:
    ///   - button: the button with modifiers (4, 8, 16), motion (32) and the wheel (64), as xterm reports them.
    ///   - x: the column, from 1.
    ///   - y: the row, from 1.
    /// - Returns: nil for what has no meaning here: other buttons, motion, the horizontal wheel.
    static func key(button: Int, x: Int, y: Int) -> Key? {
        guard (1...cells).contains(x), (1...cells).contains(y), (0..<256).contains(button) else { return nil }
        switch button & ~(4 | 8 | 16) {
        case 0: return .click(Point(x: x - 1, y: y - 1))
        case 64: return .wheelUp
        case 65: return .wheelDown
        default: return nil
        }
    }

    /// No terminal has more columns or rows.
    private static let cells = 65_535
}
