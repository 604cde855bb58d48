import CMarkGFM
import UTF8Text

/// Parses growing text into blocks. Each block is returned once, when no further text can change it; only the tail is
/// parsed again.
///
/// Long texts are parsed a window at a time, so that time and memory are bounded however long or nested a construct is.
/// Text that is complete from the start is handled the same way.
public struct MarkdownStream: Sendable {
    public struct Update: Sendable {
        /// The blocks returned so far are void, and all are returned again. Happens when a link's definition comes
        /// after its use.
        public var startsOver = false
        /// Blocks that are now final.
        public var finished: [Block] = []
        /// The blocks after those, which further text may change.
        public var tail: [Block] = []
    }

    /// The number of bytes parsed at once.
    static let window = 24 << 10

    /// The number of bytes covered by the blocks returned so far.
    private var consumed = 0
    /// The number of bytes searched for definitions.
    private var scanned = 0
    private var definitions = LinkDefinitions()
    private var mayContainReference = false
    private var fence: OpenFence?
    /// The number of the next item, if the text continues inside an ordered list.
    private var nextNumber: Int?
    /// Whether the consumed text ends with a blank line.
    private var isAfterBlank = false

    public init() {}

    /// Reads text that starts with the previous text.
    public mutating func extend(to text: String, isComplete: Bool) -> Update {
        var update = Update()
        if readDefinitions(text.utf8, isComplete: isComplete), mayContainReference {
            (consumed, mayContainReference, fence, nextNumber, isAfterBlank) = (0, false, nil, nil, false)
            update.startsOver = true
        }
        let bytes = Self.lines(Array(text.utf8.dropFirst(consumed)), isComplete: isComplete)[...]
        let rest = finish(bytes, isComplete: isComplete, &update)
        consumed += rest.startIndex - bytes.startIndex
        update.tail = fence?.tail(rest) ?? tail(rest)
        return update
    }

    /// Replaces single carriage returns, which also end lines in Markdown, by line feeds: everything else here counts
    /// line feeds.
    private static func lines(_ bytes: [UInt8], isComplete: Bool) -> [UInt8] {
        let feed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
        guard bytes.contains(carriageReturn) else { return bytes }
        var bytes = bytes
        for index in bytes.indices where bytes[index] == carriageReturn {
            let isAlone = index + 1 < bytes.count ? bytes[index + 1] != feed : isComplete
            if isAlone { bytes[index] = feed }
        }
        return bytes
    }

    /// Reads definitions from newly completed lines; returns whether there are new ones.
    private mutating func readDefinitions(_ text: String.UTF8View, isComplete: Bool) -> Bool {
        let new = text.dropFirst(scanned)
        let lines = isComplete ? new : new[..<(new.lastIndex(of: UInt8(ascii: "\n")) ?? new.startIndex)]
        scanned += lines.count
        return definitions.read(Array(lines)[...])
    }

    /// Adds what is final to the update, and returns the rest.
    private mutating func finish(
        _ bytes: ArraySlice<UInt8>, isComplete: Bool, _ update: inout Update
    ) -> ArraySlice<UInt8> {
        var rest = bytes
        while true {
            if var code = fence {
                rest = code.read(rest, isComplete: isComplete, &update)
                fence = code.isClosed ? nil : code
                if fence != nil { return rest }
            }
            if rest.isEmpty { return rest }
            let window = Self.window(of: rest)
            let isLast = window.endIndex == rest.endIndex
            rest = rest.dropFirst(finishBlocks(window, isLast: isLast, isGrowing: isLast && !isComplete, &update))
            if isLast, fence == nil { return rest }
        }
    }

    /// The bytes to parse next, ending at the end of a line if possible and of a character in any case.
    private static func window(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if bytes.count <= window { return bytes }
        let window = bytes.prefix(window)
        if let end = window.lastIndex(of: UInt8(ascii: "\n")) { return bytes[...end] }
        if let blank = window.suffix(200).lastIndex(of: UInt8(ascii: " ")) { return bytes[..<blank] }
        return window.dropLast(window.incompleteUTF8Tail)
    }

    // MARK: Blocks

    /// Adds the final blocks of a window to the update, and returns how many bytes they cover.
    private mutating func finishBlocks(
        _ window: ArraySlice<UInt8>, isLast: Bool, isGrowing: Bool, _ update: inout Update
    ) -> Int {
        if TableGuard.isTooWide(window) {
            update.finished.append(Block(.paragraph(Inline.lines(String(decoding: window, as: UTF8.self)))))
            return window.count
        }
        if window.contains(UInt8(ascii: "[")) { mayContainReference = true }
        let mask = MaskedSource(window, isGrowing: isGrowing)
        let completeLines = mask.lineStarts.count - 1
        return parse(mask) { state, document in
            guard let last = document.units.last else { return isGrowing ? 0 : window.count }
            var final = document.units.count
            // A block is final once the next one has begun in a complete line.
            if isGrowing { final = document.units.lastIndex { $0.line < completeLines } ?? 0 }
            if !isLast, final > 1 { final -= 1 }
            let code =
                last.line < completeLines
                ? OpenFence(last.node, followsBlankLine: document.followsBlankLine(last)) : nil
            if code != nil { final = document.units.count - 1 }

            update.finished += document.units[..<final].flatMap(document.blocks)
            if let code {
                state.fence = code
                (state.nextNumber, state.isAfterBlank) = (nil, false)
                return mask.lineStarts[last.line + 1]
            }
            guard final < document.units.count else {
                (state.nextNumber, state.isAfterBlank) = (nil, false)
                return window.count
            }
            let next = document.units[final]
            if final == 0 { return 0 }
            state.isAfterBlank = document.followsBlankLine(next)
            state.nextNumber = next.index > 0 ? document.number(of: next) : nil
            return mask.lineStarts[next.line]
        } ?? window.count
    }

    /// The blocks that are not final yet, with open marks closed provisionally.
    private func tail(_ bytes: ArraySlice<UInt8>) -> [Block] {
        if bytes.isEmpty { return [] }
        var mask = MaskedSource(bytes, isGrowing: true)
        mask.completeTail()
        var copy = self
        return copy.parse(mask) { _, document in document.units.flatMap(document.blocks) } ?? []
    }

    private mutating func parse<Result>(
        _ mask: MaskedSource, _ body: (inout MarkdownStream, ParsedDocument) -> Result
    ) -> Result? {
        let preamble = definitions.preamble(for: mask.text)
        return CMarkDocument.parse(preamble.text + mask.text) { root in
            let document = ParsedDocument(
                root, mask: mask, preambleLines: preamble.lines, firstNumber: nextNumber, isAfterBlank: isAfterBlank)
            return body(&self, document)
        }
    }
}

/// A parsed window: its top-level blocks, with lists replaced by their items.
private struct ParsedDocument {
    struct Unit {
        var node: CMarkNode
        var list: CMarkNode?
        /// The item's index in its list.
        var index = 0
        var line: Int
    }

    let units: [Unit]
    private let reader: BlockReader
    private let firstNumber: Int?
    private let isAfterBlank: Bool

    init(_ root: CMarkNode, mask: MaskedSource, preambleLines: Int, firstNumber: Int?, isAfterBlank: Bool) {
        reader = BlockReader(mask, skippedLines: preambleLines)
        self.firstNumber = firstNumber
        self.isAfterBlank = isAfterBlank
        let lastLine = mask.lineStarts.count - 1
        func line(_ node: CMarkNode) -> Int { min(max(0, node.startLine - preambleLines), lastLine) }
        var units: [Unit] = []
        for block in root.children {
            guard block.kind == .list else {
                units.append(Unit(node: block, line: line(block)))
                continue
            }
            for (index, item) in block.children.enumerated() {
                units.append(Unit(node: item, list: block, index: index, line: line(item)))
            }
        }
        self.units = units
    }

    func blocks(_ unit: Unit) -> [Block] {
        guard let list = unit.list else {
            return reader.blocks(of: unit.node, depth: 0, followsBlankLine: followsBlankLine(unit))
        }
        let number = isContinued(list) ? firstNumber : nil
        let item = reader.item(unit.node, of: list, index: unit.index, depth: 0, firstNumber: number)
        return [Block(.item(item), followsBlankLine: followsBlankLine(unit))]
    }

    func followsBlankLine(_ unit: Unit) -> Bool {
        reader.isAfterBlank(unit.node) || isAfterBlank && unit.node == units.first?.node
    }

    /// The number of an item of an ordered list.
    func number(of unit: Unit) -> Int? {
        guard let list = unit.list, cmark_node_get_list_type(list.pointer) == CMARK_ORDERED_LIST else { return nil }
        let first = isContinued(list) ? firstNumber : nil
        return (first ?? Int(cmark_node_get_list_start(list.pointer))) + unit.index
    }

    /// Whether the list began before this window.
    private func isContinued(_ list: CMarkNode) -> Bool { units.first?.list == list }
}
