/// Replies as they were written instead of as Markdown.
extension AppState {
    /// Switches between the two; the line at the top stays there.
    mutating func toggleSource() {
        guard case .at(var position) = reading.scroll else {
            screen.showsSource.toggle()
            return locateMatch()
        }
        let before = ConversationLayout(self).lineCount(of: position.entry)
        screen.showsSource.toggle()
        position.line = position.line * ConversationLayout(self).lineCount(of: position.entry) / max(1, before)
        reading.scroll = .at(position)
        locateMatch()
    }
}
