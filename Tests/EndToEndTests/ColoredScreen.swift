/// The characters of the screen with their colours and attributes, as tmux reports them.
struct ColoredScreen: Equatable {
    struct Style: Hashable {
        /// As in the sequence that sets it: "38;2;255;0;0", "31"; nil is the terminal's default.
        var foreground: String?
        var background: String?
        /// Bold is 1, dim 2, italic 3, underlined 4, reversed 7, struck 9.
        var attributes: Set<Int> = []
    }

    /// By row, without blanks at the end that have no background of their own.
    private(set) var rows: [[Cell]] = []

    struct Cell: Hashable {
        let character: Character
        let style: Style
    }

    init(_ captured: String) {
        var style = Style()
        for line in captured.split(separator: "\n", omittingEmptySubsequences: false) {
            var row: [Cell] = []
            var rest = line[...]
            while let character = rest.popFirst() {
                if character == "\u{1B}" {
                    guard rest.popFirst() == "[" else { continue }
                    let sequence = rest.prefix { !$0.isLetter }
                    rest = rest.dropFirst(sequence.count)
                    if rest.popFirst() == "m" { style.apply(sequence.split(separator: ";").compactMap { Int($0) }) }
                } else if character != "\u{E}", character != "\u{F}" {
                    row.append(Cell(character: character, style: style))
                }
            }
            while let last = row.last, last.character == " " { row.removeLast() }
            rows.append(row)
        }
        while rows.last?.isEmpty == true { rows.removeLast() }
    }

    var text: String { rows.map { String($0.map(\.character)) }.joined(separator: "\n") }

    var backgrounds: Set<String> { Set(rows.joined().compactMap(\.style.background)) }

    /// The style of the first occurrence of `text`, if all of it has the same style.
    func style(of text: String, fromRow first: Int = 0) -> Style? {
        for row in rows.dropFirst(first) {
            let characters = Array(text)
            for start in row.indices where start + characters.count <= row.count {
                let cells = row[start..<start + characters.count]
                guard cells.map(\.character) == characters else { continue }
                let styles = Set(cells.filter { $0.character != " " }.map(\.style))
                return styles.count == 1 ? styles.first : nil
            }
        }
        return nil
    }

    /// The rows that differ from the other screen, before and after.
    func difference(from other: ColoredScreen) -> String {
        (0..<max(rows.count, other.rows.count)).compactMap { index in
            let mine = rows.indices.contains(index) ? rows[index] : []
            let others = other.rows.indices.contains(index) ? other.rows[index] : []
            guard mine != others else { return nil }
            let place = zip(mine, others).enumerated().first { $1.0 != $1.1 }
            let cells = place.map { "column \($0.offset): \($0.element.1) became \($0.element.0)" } ?? ""
            return
                "row \(index): \(String(others.map(\.character)))\n  became \(String(mine.map(\.character)))\n  \(cells)"
        }.joined(separator: "\n")
    }
}

extension ColoredScreen.Style {
    /// The numbers of one sequence; without numbers, the style is reset.
    fileprivate mutating func apply(_ numbers: [Int]) {
        if numbers.isEmpty { self = .init() }
        var rest = numbers[...]
        while let number = rest.popFirst() {
            switch number {
            case 0: self = .init()
            case 1...9: attributes.insert(number)
            case 22: attributes.subtract([1, 2])
            case 23...29: attributes.remove(number - 20)
            case 38, 48:
                let count = rest.first == 2 ? 4 : 2
                let color = ([number] + rest.prefix(count)).map(String.init).joined(separator: ";")
                rest = rest.dropFirst(count)
                if number == 38 { foreground = color } else { background = color }
            case 39: foreground = nil
            case 49: background = nil
            case 30...37, 90...97: foreground = "\(number)"
            case 40...47, 100...107: background = "\(number)"
            default: break
            }
        }
    }
}
