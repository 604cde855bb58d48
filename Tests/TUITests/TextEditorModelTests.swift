import TUI
import TestSupport
import Testing

/// A minimal model of the editor: a string, and how much of it precedes the cursor.
private struct Model {
    var text: String
    /// Code points before the cursor, always at a character boundary.
    var before: Int

    var scalars: [Unicode.Scalar] { Array(text.unicodeScalars) }

    /// Character boundaries, as code points from the start.
    var boundaries: [Int] {
        text.reduce(into: [0]) { boundaries, character in
            boundaries.append((boundaries.last ?? 0) + character.unicodeScalars.count)
        }
    }

    mutating func replace(_ range: Range<Int>, with new: String) {
        var all = scalars
        all.replaceSubrange(range, with: new.unicodeScalars)
        text = String(String.UnicodeScalarView(all))
        let end = range.lowerBound + new.unicodeScalars.count
        before = boundaries.first { $0 >= end } ?? 0
    }

    mutating func insert(_ new: String) { replace(before..<before, with: Self.withPlainLineFeeds(new)) }

    mutating func perform(_ command: EditCommand) {
        let boundaries = boundaries
        let left = boundaries.last { $0 < before } ?? 0, right = boundaries.first { $0 > before } ?? before
        let start = (scalars[..<before].lastIndex(of: "\n") ?? -1) + 1
        let end = scalars[before...].firstIndex(of: "\n") ?? scalars.count
        switch command {
        case .characterLeft: before = left
        case .characterRight: before = right
        case .lineStart: before = start
        case .lineEnd: before = end
        case .textStart: before = 0
        case .textEnd: before = scalars.count
        case .deleteBackward: replace(left..<before, with: "")
        case .deleteForward: replace(before..<right, with: "")
        case .killToLineStart: replace(start..<before, with: "")
        case .killToLineEnd: replace(before..<(end == before ? right : end), with: "")
        case .newLine: insert("\n")
        default: break
        }
    }

    static let commands: [EditCommand] = [
        .characterLeft, .characterRight, .lineStart, .lineEnd, .textStart, .textEnd, .deleteBackward, .deleteForward,
        .killToLineStart, .killToLineEnd, .newLine,
    ]

    /// The editor knows only one kind of line break.
    static func withPlainLineFeeds(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\n")
    }
}

extension TextEditor {
    /// Code points before the cursor.
    fileprivate var scalarsBefore: Int {
        lines[..<cursor.line].reduce(0) { $0 + $1.reduce(1) { $0 + $1.unicodeScalars.count } }
            + lines[cursor.line][..<cursor.column].reduce(0) { $0 + $1.unicodeScalars.count }
    }
}

@Suite struct TextEditorModelTests {
    @Test func randomEditsMatchTheModel() {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<80 {
            let start = Model.withPlainLineFeeds(generator.text(length: 20))
            var model = Model(text: start, before: start.unicodeScalars.count)
            var editor = TextEditor(start)
            for step in 0..<60 {
                if Int.random(in: 0..<5, using: &generator) < 2 {
                    let text = generator.text(length: Int.random(in: 1...4, using: &generator))
                    model.insert(text)
                    editor.insert(text)
                } else if let command = Model.commands.randomElement(using: &generator) {
                    model.perform(command)
                    editor.perform(command)
                }
                let isSame = editor.text.unicodeScalars.elementsEqual(model.text.unicodeScalars)
                #expect(isSame && editor.scalarsBefore == model.before, "round \(round), step \(step)")
                if !isSame || editor.scalarsBefore != model.before { return }
            }
        }
    }

    @Test func redoRestoresWhatUndoRemoved() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            var editor = TextEditor(generator.text(length: 20))
            for _ in 0..<40 {
                if Bool.random(using: &generator) {
                    editor.insert(generator.text(length: 2))
                } else if let command = EditCommand.allCases.filter({ ![.undo, .redo].contains($0) })
                    .randomElement(using: &generator)
                {
                    editor.perform(command)
                }
            }
            var past = [editor.lines]
            while case let before = editor.revision, case () = editor.perform(.undo), editor.revision !== before {
                past.append(editor.lines)
            }
            for lines in past.dropLast().reversed() {
                editor.perform(.redo)
                #expect(editor.lines == lines)
            }
        }
    }

    @Test func editsInAMegabyteLineAreFast() {
        let line = String(repeating: "0123456789", count: 100_000)
        var editor = TextEditor()
        editor.insert(line)
        for _ in 0..<500 { editor.insert("é") }
        for _ in 0..<500 { editor.perform(.deleteBackward) }
        #expect(editor.text == line)
        for _ in 0..<500 { editor.perform(.undo) }
        #expect(editor.text == line + String(repeating: "é", count: 500))
        #expect(EditorLayout(editor, size: Size(width: 80, height: 8)).rows.count == 8)
    }

    @Test func allKillsGoToTheRing() {
        var editor = TextEditor("one two three")
        editor.perform(.killBlankWordBackward)
        editor.perform(.characterLeft)
        editor.perform(.killToLineStart)
        editor.perform(.textEnd)
        editor.perform(.yank)
        #expect(editor.text == " one two")
        editor.perform(.yankPop)
        #expect(editor.text == " three")
        editor.perform(.yankPop)
        #expect(editor.text == " one two")
        editor.perform(.undo)
        #expect(editor.text == " ")
    }

    @Test func positionsOutsideTheTextAreIgnored() {
        var editor = TextEditor("ab\nc")
        editor.move(to: .init(line: 1, column: 2))
        #expect(editor.cursor == .init(line: 1, column: 1))
        editor.move(to: .init(line: 0, column: 2))
        #expect(editor.cursor == .init(line: 0, column: 2))
        editor.replace(.init(line: 0, column: 1) ..< .init(line: 9, column: 0), with: "x")
        #expect(editor.text == "ab\nc")
        editor.replace(.init(line: 0, column: 1) ..< .init(line: 1, column: 0), with: "x")
        #expect(editor.text == "axc")
    }
}

@Suite struct InputHistorySearchTests {
    @Test func searchesFromLatestToOldest() {
        let history = InputHistory(["Swift one", "other", "swift two"])
        #expect(history.entry(holding: "swift", from: 3) == 2)
        #expect(history.entry(holding: "swift", from: 2) == 0)
        #expect(history.entry(holding: "swift", from: 0) == nil)
        #expect(history.entry(holding: "Swift", from: 3) == 0)
        #expect(history.entry(holding: "swift", from: 0, forward: true) == 2)
        #expect(history.entry(holding: "", from: 3) == 2)
        #expect(InputHistory.range(of: "TWO", in: "swift two") == nil)
        #expect(InputHistory.range(of: "two", in: "swift two") == 6..<9)
    }

    @Test func newEntriesAreReturnedOnce() {
        var history = InputHistory(["old"])
        history.add("new")
        history.add("new")
        history.add("newer")
        let first = history.takeNew(), second = history.takeNew()
        #expect(first == ["new", "newer"])
        #expect(second == [])
    }
}
