/// Undo and redo by snapshots: lines are shared between them, so one costs little more than what changed.
extension TextEditor {
    struct Snapshot: Sendable, Equatable {
        var lines: [[Character]]
        var cursor: Position
    }

    private static let limit = 200

    /// Notes the text as it stands before a change. Letters typed in a row are undone together.
    mutating func remember(as action: Action) {
        let continues = action == .typing && lastAction == .typing
        lastAction = action
        redoStack = []
        if continues { return }
        undoStack.append(Snapshot(lines: lines, cursor: cursor))
        if undoStack.count > Self.limit { undoStack.removeFirst() }
    }

    mutating func undo() { swap(from: \.undoStack, to: \.redoStack) }
    mutating func redo() { swap(from: \.redoStack, to: \.undoStack) }

    private mutating func swap(
        from source: WritableKeyPath<TextEditor, [Snapshot]>, to target: WritableKeyPath<TextEditor, [Snapshot]>
    ) {
        lastAction = .other
        guard let snapshot = self[keyPath: source].popLast() else { return }
        self[keyPath: target].append(Snapshot(lines: lines, cursor: cursor))
        lines = snapshot.lines
        cursor = snapshot.cursor
        wantedColumn = nil
    }
}
