import TUI

/// The completions of the word before the cursor, as a list above the input, with the chosen one highlighted.
enum CompletionView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        guard let completion = state.composer.completion else { return }
        let area = layout.conversation
        let height = min(completion.candidates.count, 8, area.height)
        let top = max(0, min((completion.shown ?? 0) - height / 2, completion.candidates.count - height))
        let shown = completion.candidates[top..<top + height]
        let labels = shown.map { DisplayWidth.of(Sanitizer.visible($0.label)) }.max() ?? 0
        let details = shown.map { DisplayWidth.of(Sanitizer.visible($0.detail)) }.max() ?? 0
        let latest = completion.candidates.count - height
        let width = min(area.width, labels + (details > 0 ? details + 2 : 0) + (latest > 0 ? 4 : 3))
        // The scroll bar, at the right.
        let thumb = max(1, height * height / max(1, completion.candidates.count))
        let start = latest > 0 ? (height - thumb) * top / latest : 0
        for (index, candidate) in shown.enumerated() {
            let row = Rect(x: area.x, y: area.maxY - height + index, width: width, height: 1)
            let isShown = top + index == completion.shown
            let ground: StyleRole = isShown ? .selected : .panel
            surface.fill(row, style: state.screen.theme.style(ground, on: .panel))
            var line = StyledLine(isShown ? "›" : " ", .inputPrompt)
            line.append(Wrapping.truncate(candidate.label, width: width - 2), isShown ? .selected : .text)
            let gap = labels + 3 - line.width
            let room = width - line.width - gap - 1
            if !candidate.detail.isEmpty, room >= min(8, DisplayWidth.of(Sanitizer.visible(candidate.detail))) {
                line.append(String(repeating: " ", count: gap), .text)
                line.append(Wrapping.truncate(candidate.detail, width: room), .muted)
            }
            surface.write(line, at: Point(x: row.x, y: row.y), theme: state.screen.theme, on: ground, clip: row)
            if latest > 0, (start..<start + thumb).contains(index) {
                surface.write(
                    "┃", at: Point(x: row.maxX - 1, y: row.y), style: state.screen.theme.style(.accent, on: ground))
            }
        }
    }
}
