/// A key press, paste or mouse action at the terminal.
///
/// A chord is the key wrapped in its modifiers: Ctrl-A is `.control("a")`, Alt-Enter is `.alt(.enter)`. Letters with
/// Ctrl are lower-case.
public indirect enum Key: Hashable, Sendable {
    case character(Character)
    case enter, tab, backspace, delete, escape, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 is 1.
    case function(Int)
    /// Bracketed paste.
    case paste(String)
    case wheelUp, wheelDown
    /// The left button was pressed on a cell.
    case click(Point)

    case control(Key)
    case alt(Key)
    case shift(Key)
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
    public init(extendedGraphemeClusterLiteral character: Character) { self = .character(character) }
}

extension Key: CustomStringConvertible {
    /// As shown in help: "Ctrl-A", "Alt-Enter", "F1", "PgUp".
    public var description: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .enter: "Enter"
        case .tab: "Tab"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .escape: "Esc"
        case .insert: "Insert"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        case .paste: "paste"
        case .wheelUp: "wheel up"
        case .wheelDown: "wheel down"
        case .click: "click"
        case .control(let key): "Ctrl-\(key.description.uppercasedIfLetter)"
        case .alt(let key): "Alt-\(key.description.uppercasedIfLetter)"
        case .shift(let key): "Shift-\(key)"
        }
    }
}

extension String {
    fileprivate var uppercasedIfLetter: String { count == 1 ? uppercased() : self }
}
