import TUI
import TestSupport
import Testing

@Suite struct TextEditorTests {
    private func editor(_ text: String, _ commands: EditCommand...) -> TextEditor {
        var editor = TextEditor(text)
        for command in commands { editor.perform(command) }
        return editor
    }

    @Test func movesByGraphemeCluster() {
        var flags = editor("a👨‍👩‍👧🇩🇪e\u{301}", .characterLeft, .characterLeft)
        flags.insert("|")
        #expect(flags.text == "a👨‍👩‍👧|🇩🇪e\u{301}")
    }

    @Test func combiningMarksJoinThePreviousCharacter() {
        var editor = TextEditor("e")
        editor.insert("\u{301}")
        #expect(editor.cursor.column == 1)
        editor.perform(.deleteBackward)
        #expect(editor.isEmpty)
    }

    @Test func wordsKillsAndYanksFollowReadline() {
        #expect(editor("one two-three", .killWordBackward).text == "one two-")
        #expect(editor("one two-three", .killBlankWordBackward).text == "one ")
        #expect(editor("one two", .killBlankWordBackward, .killBlankWordBackward, .yank).text == "one two")
        #expect(editor("one two", .lineStart, .killWordForward, .lineEnd, .yank).text == " twoone")
        #expect(editor("one two", .lineStart, .killToLineEnd, .yank, .yank).text == "one twoone two")
        #expect(editor("a b", .killBlankWordBackward, .characterLeft, .killToLineStart, .yank, .yankPop).text == "b ")
        #expect(editor("ab", .transpose).text == "ba")
    }

    @Test func caseChangesFollowReadline() {
        #expect(editor("one two", .textStart, .upperCaseWord).text == "ONE two")
        #expect(editor("one two", .textStart, .upperCaseWord, .upperCaseWord, .upperCaseWord).text == "ONE TWO")
        #expect(editor("ONE", .textStart, .characterRight, .lowerCaseWord).text == "One")
        #expect(
            editor("x\n  hELLO wORLD", .textStart, .wordRight, .capitalizeWord, .capitalizeWord).text
                == "x\n  Hello World")
        // There may be more letters afterwards; the cursor is after all of them.
        var street = editor("straße", .textStart, .upperCaseWord)
        street.insert("|")
        #expect(street.text == "STRASSE|")
        #expect(editor("one", .textStart, .upperCaseWord, .undo).text == "one")
        #expect(editor("one", .upperCaseWord).text == "one")
    }

    @Test func killAtLineEndJoinsLines() {
        var editor = TextEditor("one\ntwo")
        editor.perform(.textStart)
        editor.perform(.lineEnd)
        editor.perform(.killToLineEnd)
        #expect(editor.text == "onetwo")
    }

    @Test func undoAndRedoTyping() {
        var editor = TextEditor()
        for character in "hello" { editor.insert(String(character)) }
        editor.insert(" ")
        for character in "you" { editor.insert(String(character)) }
        editor.perform(.undo)
        #expect(editor.text == "hello ")
        editor.perform(.undo)
        editor.perform(.undo)
        #expect(editor.text == "")
        editor.perform(.redo)
        #expect(editor.text == "hello")
    }

    @Test func verticalMovementFollowsWrappedRows() {
        var editor = TextEditor("the quick brown fox\nend")
        let moved1 = editor.moveVertically(-1, width: 10)
        #expect(moved1)
        #expect(editor.cursor == .init(line: 0, column: 13))
        let moved2 = editor.moveVertically(-1, width: 10)
        #expect(moved2)
        #expect(editor.cursor == .init(line: 0, column: 3))
        let moved3 = editor.moveVertically(-1, width: 10)
        #expect(!moved3)
        let moved4 = editor.moveVertically(1, width: 10)
        #expect(moved4)
        let moved5 = editor.moveVertically(1, width: 10)
        #expect(moved5)
        #expect(editor.cursor == .init(line: 1, column: 3))
        let moved6 = editor.moveVertically(1, width: 10)
        #expect(!moved6)
    }

    @Test func randomEditsCanBeUndone() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            let start = generator.text(length: 30)
            var editor = TextEditor(start)
            let original = editor.text
            var changes = 0
            for _ in 0..<40 {
                if Bool.random(using: &generator) {
                    editor.insert(generator.text(length: 3))
                } else if let command = EditCommand.allCases.filter({ ![.undo, .redo].contains($0) })
                    .randomElement(using: &generator)
                {
                    editor.perform(command)
                }
                changes += 1
                // Segmenting the lines again gives the same characters.
                #expect(editor.lines.allSatisfy { Array(String($0)) == $0 })
                #expect(editor.lines.indices.contains(editor.cursor.line))
                #expect((0...editor.lines[editor.cursor.line].count).contains(editor.cursor.column))
            }
            for _ in 0..<100 { editor.perform(.undo) }
            #expect(editor.text == original)
        }
    }

    @Test func layoutShowsTheCursor() {
        var editor = TextEditor("日本語")
        #expect(EditorLayout(editor, size: Size(width: 10, height: 3)).cursor == Point(x: 6, y: 0))
        #expect(EditorLayout(editor, size: Size(width: 6, height: 3)).cursor == Point(x: 6, y: 0))
        editor.setText("日本語 ")
        #expect(EditorLayout(editor, size: Size(width: 6, height: 3)).cursor == Point(x: 0, y: 1))
        editor.setText((1...100).map(String.init).joined(separator: "\n"))
        let layout = EditorLayout(editor, size: Size(width: 6, height: 3))
        #expect(layout.rows == ["98", "99", "100"])
        #expect(layout.hasAbove && !layout.hasBelow)
        #expect(layout.cursor == Point(x: 3, y: 2))
    }

    @Test func pastesAMegabyte() {
        var editor = TextEditor()
        editor.insert(String(repeating: "All work and no play. 日本語\r\n", count: 30_000))
        #expect(editor.lines.count == 30_001)
        #expect(EditorLayout(editor, size: Size(width: 80, height: 8)).rows.count == 8)
    }

    @Test func movesThroughALongLineRowByRow() {
        let text = String(repeating: "lorem ipsum ", count: 500)
        var editor = TextEditor(text)
        var rows = 1
        while editor.moveVertically(-1, width: 200) { rows += 1 }
        #expect(editor.cursor.column < 200)
        #expect(rows == EditorLayout.rowCount(of: editor, width: 200, limit: .max))
        while editor.moveVertically(1, width: 200) { rows -= 1 }
        #expect(rows == 1)
    }
}

@Suite struct InputHistoryTests {
    @Test func draftIsRestoredAfterBrowsing() {
        var history = InputHistory()
        history.add("one")
        history.add("two")
        let entry7 = history.older(than: "draft")
        #expect(entry7 == "two")
        let entry8 = history.older(than: "two")
        #expect(entry8 == "one")
        let entry9 = history.older(than: "one")
        #expect(entry9 == nil)
        let entry10 = history.newer(than: "one")
        #expect(entry10 == "two")
        let entry11 = history.newer(than: "two")
        #expect(entry11 == "draft")
        let entry12 = history.newer(than: "draft")
        #expect(entry12 == nil)
    }

    @Test func editedEntriesLastUntilSending() {
        var history = InputHistory(["one", "two"])
        _ = history.older(than: "")
        let one = history.older(than: "two, changed")
        #expect(one == "one")
        let two = history.newer(than: "one")
        #expect(two == "two, changed")
        history.add("three")
        _ = history.older(than: "")
        let again = history.older(than: "three")
        #expect(again == "two")
    }
}
