/// Which part of a text is on the screen.
struct ReadingWindow: Sendable {
    /// The first line on the screen, as it was set last.
    private var top = 0

    /// The first line on the screen, given the number of lines and the height of the window.
    func top(count: Int, height: Int) -> Int { max(0, min(top, count - height)) }

    mutating func move(_ step: ScrollStep, count: Int, height: Int) {
        let now = top(count: count, height: height)
        switch step {
        case .lines(let lines): top = now + max(-height, min(lines, height))
        case .page(let pages): top = now + pages * max(1, height - 1)
        case .top: top = 0
        case .bottom: top = count
        }
        top = top(count: count, height: height)
    }
}
