/// Replies as they were written instead of as Markdown.
extension AppState {
    /// Switches between the two; the line at the top stays there.
    mutating func toggleSource() {
        guard case .at(var place) = reading.scroll else {
            screen.showsSource.toggle()
            return locateMatch()
        }
        let before = ConversationLayout(self).lineCount(of: place.entry)
        screen.showsSource.toggle()
        place.line = place.line * ConversationLayout(self).lineCount(of: place.entry) / max(1, before)
        reading.scroll = .at(place)
        locateMatch()
    }
}
