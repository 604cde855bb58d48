import Chat
import Replies
import Synchronization
import TUI
import UTF8Text

/// The tokens of a reply as lines of text in which every character knows its token. Tokens can be added: lines before
/// the last line break are laid out once.
struct TokenLayout: Sendable {
    struct Cell: Sendable {
        var cluster: DisplayCluster
        /// Its index in the reply.
        var token: Int
    }

    typealias Line = ArraySlice<Cell>

    let width: Int
    /// The number of tokens laid out.
    private(set) var count = 0
    private var finished: [Line] = []
    private var open: [Cell] = []
    private var tail: [Line] = [[]]
    /// Bytes of an incomplete character.
    private var pending: [UInt8] = []

    /// - Parameter width: columns of a line, one of which may be a blank at its end.
    init(width: Int) { self.width = max(3, width) }

    var lines: [Line] { finished + tail }

    /// Adds the tokens that have come since. A character made of several tokens belongs to the last of them.
    mutating func extend(to tokens: [ReplyToken]) {
        guard tokens.count > count else { return }
        for index in count..<tokens.count { add(tokens[index].chosen, index) }
        count = tokens.count
        tail = wrapped(open)
    }

    private mutating func add(_ choice: TokenChoice, _ index: Int) {
        // A control token shows the program's own text, not the reply's.
        let bytes = choice.isControl ? [] : pending + choice.bytes
        let whole = bytes.count - bytes.incompleteUTF8Tail
        let text = choice.isControl ? choice.label : String(decoding: bytes[..<whole], as: UTF8.self)
        if !choice.isControl { pending = Array(bytes[whole...]) }
        for (number, piece) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if number > 0 {
                open.append(Cell(cluster: DisplayCluster(text: "↵", width: 1), token: index))
                finished += wrapped(open)
                open = []
            }
            for cluster in DisplayClusters(Sanitizer.visible(String(piece))) where cluster.width > 0 {
                open.append(Cell(cluster: cluster, token: index))
            }
        }
    }

    private func wrapped(_ cells: [Cell]) -> [Line] {
        Wrapping.ranges(of: cells.map(\.cluster), width: width - 1).map { cells[$0] }
    }

    // MARK: Positions

    /// Where a token begins, or the next one that shows something (of a character's tokens only the last one does); nil
    /// after the end.
    func position(of token: Int) -> (line: Int, column: Int)? {
        let lines = lines
        // Tokens are in order: this is the first line that reaches this one.
        let line = lines.partitionPoint { ($0.last?.token ?? -1) >= token }
        guard line < lines.count else { return nil }
        return (line, lines[line].prefix { $0.token < token }.reduce(0) { $0 + $1.cluster.width })
    }

    /// The token at a column of a line, beyond its end the line's last one; nil on an empty line.
    func token(line: Int, column: Int) -> Int? {
        let lines = lines
        guard lines.indices.contains(line) else { return nil }
        var end = 0
        for cell in lines[line] {
            end += cell.cluster.width
            if column < end { return cell.token }
        }
        return lines[line].last?.token
    }
}

extension StyledLine {
    /// A line of tokens, each with its own role.
    init(_ line: TokenLayout.Line, role: (Int) -> StyleRole) {
        self.init()
        for cell in line { append(cell.cluster.text, role(cell.token)) }
    }
}

/// Caches layouts of replies' tokens. Memoizes a pure function, as `LayoutCache` does.
final class TokenLayoutCache: Sendable {
    private struct Key: Hashable {
        var message: Message.ID
        var width: Int
    }

    private let layouts = Mutex<[Key: (revision: TokenLog.Revision, layout: TokenLayout)]>([:])
    private static let limit = 200

    func layout(of message: Message.ID, _ entry: TokenLog.Entry, width: Int) -> TokenLayout {
        layouts.withLock { layouts in
            let key = Key(message: message, width: width)
            var layout = TokenLayout(width: width)
            if let known = layouts[key], known.revision === entry.revision, known.layout.count <= entry.tokens.count {
                layout = known.layout
                if layout.count == entry.tokens.count { return layout }
            }
            if layouts.count >= Self.limit { layouts = [:] }
            // Removed from the dictionary while it grows, so that its lines are unique and not copied.
            layouts[key] = nil
            layout.extend(to: entry.tokens)
            layouts[key] = (entry.revision, layout)
            return layout
        }
    }
}
