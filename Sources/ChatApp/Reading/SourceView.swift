/// Replies as they were written instead of as Markdown.
extension AppState {
    /// Changes between the two; what was at the top stays there.
    mutating func toggleSource() {
        guard case .at(var place) = scroll else {
            showsSource.toggle()
            return locateMatch()
        }
        let before = ConversationLayout(self).lineCount(of: place.entry)
        showsSource.toggle()
        place.line = place.line * ConversationLayout(self).lineCount(of: place.entry) / max(1, before)
        scroll = .at(place)
        locateMatch()
    }
}
