import TUI

/// The complete screen of `state.size`, in the colours of `state.screen.theme`. Pure.
public func view(_ state: AppState) -> Surface {
    var surface = Surface(state.screen.size, style: state.screen.theme.style(.text))
    guard state.screen.size.width >= ScreenLayout.smallest.width,
        state.screen.size.height >= ScreenLayout.smallest.height
    else {
        let least = "\(ScreenLayout.smallest.width)×\(ScreenLayout.smallest.height)"
        let texts = ["Too small: \(least) needed", "Too small: \(least)", "Too small"]
        let text = texts.first { DisplayWidth.of($0) <= state.screen.size.width } ?? least
        surface.write(text, at: Point(x: 0, y: 0), style: state.screen.theme.style(.warning))
        return surface
    }
    let layout = ScreenLayout(state)
    HeaderView.draw(state, layout, on: &surface)
    ConversationView.draw(state, layout, on: &surface)
    InputView.draw(state, layout, on: &surface)
    AttachmentsView.draw(state, layout, on: &surface)
    StatusView.draw(state, layout, on: &surface)
    CompletionView.draw(state, layout, on: &surface)
    state.screen.panels.top?.draw(state, on: &surface)
    NoticeView.draw(state, layout, on: &surface)
    return surface
}

extension Surface {
    /// A horizontal line over the full width.
    mutating func rule(_ rect: Rect, theme: Theme) {
        write(
            String(repeating: "─", count: rect.width), at: Point(x: rect.x, y: rect.y), style: theme.style(.rule))
    }
}
