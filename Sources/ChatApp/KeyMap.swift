import TUI

/// What a key does outside panels.
enum KeyAction: Sendable, Equatable {
    case edit(EditCommand)
    case send, complete
    /// Row up and down; at the edge the input history.
    case rowUp, rowDown
    case scroll(ScrollStep)
    case open(PanelKind)
    /// Closes the nearest thing: a notice, a running reply.
    case escape
    /// Stops the reply; when idle empties the input or, pressed twice, leaves.
    case interrupt
    /// Leaves when the input is empty, else deletes to the right.
    case deleteOrLeave
    /// Top and end of the conversation while the input is empty, of the input's line otherwise.
    case home, end
}

/// One line of the key map: help shows it, `KeyMap` looks keys up in it.
struct KeyRow: Sendable {
    enum Group: String, Sendable, CaseIterable {
        case writing = "Writing", reply = "Reply", reading = "Reading", panels = "Panels"
    }

    var group: Group
    var keys: [Key]
    var action: KeyAction
    var summary: String

    init(_ group: Group, _ keys: [Key], _ action: KeyAction, _ summary: String) {
        self.group = group
        self.keys = keys
        self.action = action
        self.summary = summary
    }
}

/// Every key and what it does.
enum KeyMap {
    static let rows: [KeyRow] = [
        KeyRow(.writing, [.enter], .send, "send"),
        KeyRow(.writing, [.alt(.enter), .control("j"), .shift(.enter)], .edit(.newLine), "new line"),
        KeyRow(.writing, [.tab], .complete, "complete a command or its argument"),
        KeyRow(.writing, [.up], .rowUp, "row up; at the edge, what was sent before"),
        KeyRow(.writing, [.down], .rowDown, "row down; at the edge, what was sent after"),
        KeyRow(.writing, [.left, .control("b")], .edit(.characterLeft), "left"),
        KeyRow(.writing, [.right, .control("f")], .edit(.characterRight), "right"),
        KeyRow(.writing, [.alt("b"), .control(.left), .alt(.left)], .edit(.wordLeft), "word left"),
        KeyRow(.writing, [.alt("f"), .control(.right), .alt(.right)], .edit(.wordRight), "word right"),
        KeyRow(.writing, [.control("a")], .edit(.lineStart), "start of the line"),
        KeyRow(.writing, [.control("e")], .edit(.lineEnd), "end of the line"),
        KeyRow(.writing, [.backspace, .control("h")], .edit(.deleteBackward), "delete to the left"),
        KeyRow(.writing, [.delete], .edit(.deleteForward), "delete to the right"),
        KeyRow(.writing, [.control("w")], .edit(.killBlankWordBackward), "cut the word before"),
        KeyRow(.writing, [.alt(.backspace)], .edit(.killWordBackward), "cut the word before, up to punctuation"),
        KeyRow(.writing, [.alt("d")], .edit(.killWordForward), "cut the word after"),
        KeyRow(.writing, [.control("k")], .edit(.killToLineEnd), "cut to the end of the line"),
        KeyRow(.writing, [.control("u")], .edit(.killToLineStart), "cut to the start of the line"),
        KeyRow(.writing, [.control("y")], .edit(.yank), "put back what was cut"),
        KeyRow(.writing, [.alt("y")], .edit(.yankPop), "put back what was cut before instead"),
        KeyRow(.writing, [.control("t")], .edit(.transpose), "swap two characters"),
        KeyRow(.writing, [.control("_")], .edit(.undo), "undo"),
        KeyRow(.writing, [.alt("_"), .alt("/")], .edit(.redo), "redo"),
        KeyRow(.reply, [.escape], .escape, "stop the reply; dismiss a notice"),
        KeyRow(.reply, [.control("c")], .interrupt, "stop the reply; twice when idle, leave"),
        KeyRow(.reply, [.control("d")], .deleteOrLeave, "leave, when the input is empty"),
        KeyRow(.reading, [.pageUp], .scroll(.page(-1)), "page up"),
        KeyRow(.reading, [.pageDown], .scroll(.page(1)), "page down"),
        KeyRow(.reading, [.wheelUp, .control(.up)], .scroll(.lines(-3)), "three lines up"),
        KeyRow(.reading, [.wheelDown, .control(.down)], .scroll(.lines(3)), "three lines down"),
        KeyRow(.reading, [.alt(.up)], .scroll(.message(-1)), "message before"),
        KeyRow(.reading, [.alt(.down)], .scroll(.message(1)), "message after"),
        KeyRow(.reading, [.home], .home, "first message (in a draft: start of the line)"),
        KeyRow(.reading, [.end], .end, "latest message (in a draft: end of the line)"),
        KeyRow(.reading, [.control(.home)], .scroll(.top), "first message"),
        KeyRow(.reading, [.control(.end)], .scroll(.bottom), "latest message"),
        KeyRow(.panels, [.function(1)], .open(.help), "help"),
        KeyRow(.panels, [.function(2)], .open(.models), "models"),
        KeyRow(.panels, [.function(3)], .open(.sessions), "sessions"),
        KeyRow(.panels, [.function(4)], .open(.sampling), "sampling settings"),
        KeyRow(.panels, [.function(5)], .open(.presets), "presets"),
        KeyRow(.panels, [.control("p")], .open(.commands), "every command"),
    ]

    static func action(for key: Key) -> KeyAction? { actions[key] }

    private static let actions: [Key: KeyAction] = Dictionary(
        rows.flatMap { row in row.keys.map { ($0, row.action) } }, uniquingKeysWith: { first, _ in first })
}
