import CMarkGFM

/// A fenced block of code at the top level whose end has not come. Its lines are handed out as they come.
struct OpenFence: Sendable {
    private let mark: UInt8
    private let length: Int
    private let indent: Int
    private let language: String
    private let isApart: Bool
    /// Whether a part of it was handed out.
    private var hasBegun = false
    private(set) var isClosed = false

    /// nil for anything but a fenced block.
    init?(_ node: CMarkNode, isApart: Bool) {
        var length: Int32 = 0, offset: Int32 = 0, mark: CChar = 0
        guard node.kind == .codeBlock, cmark_node_get_fenced(node.pointer, &length, &offset, &mark) != 0 else {
            return nil
        }
        self.mark = UInt8(bitPattern: mark)
        self.length = Int(length)
        indent = Int(offset)
        language = CodeBlock.language(ofInfo: node.fenceInfo)
        self.isApart = isApart
    }

    /// Hands out complete lines up to the closing fence and returns what follows.
    mutating func read(
        _ bytes: ArraySlice<UInt8>, isComplete: Bool, _ update: inout MarkdownStream.Update
    ) -> ArraySlice<UInt8> {
        var rest = bytes
        var lines: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            if end == nil, !isComplete { break }
            let line = rest[..<(end ?? rest.endIndex)]
            rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
            if marks(line).map({ $0 >= length }) == true {
                isClosed = true
                break
            }
            lines.append(content(line))
        }
        if !lines.isEmpty || !hasBegun && (isClosed || isComplete) {
            update.finished.append(block(lines.joined(separator: [UInt8(ascii: "\n")])))
            hasBegun = true
        }
        return rest
    }

    /// The line that is not complete, and the block's beginning where that is all there is.
    func tail(_ bytes: ArraySlice<UInt8>) -> [Block] {
        let mayClose = marks(bytes) != nil
        return hasBegun && mayClose ? [] : [block(mayClose ? [] : content(bytes))]
    }

    private func block<Bytes: Sequence<UInt8>>(_ text: Bytes) -> Block {
        let text = String(decoding: Array(text), as: UTF8.self)
        return Block(
            .code(CodeBlock(language: language, text: text, isContinuation: hasBegun)), isApart: isApart && !hasBegun)
    }

    /// How many marks of a fence a line consists of; nil where there is anything else.
    private func marks(_ line: ArraySlice<UInt8>) -> Int? {
        let body = line.drop { $0 == 0x20 }
        let run = body.prefix { $0 == mark }.count
        guard body.startIndex - line.startIndex <= 3, body.dropFirst(run).allSatisfy({ $0 <= 0x20 }) else { return nil }
        return run > 0 || line.isEmpty ? run : nil
    }

    private func content(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let blanks = line.prefix(indent).prefix { $0 == 0x20 }.count
        let body = line.dropFirst(blanks)
        return body.last == UInt8(ascii: "\r") ? body.dropLast() : body
    }
}
