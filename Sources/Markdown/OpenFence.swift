import CMarkGFM

/// A top-level fenced code block whose closing fence has not been read. Its lines are returned as they arrive.
struct OpenFence: Sendable {
    private let mark: UInt8
    private let length: Int
    private let indent: Int
    private let language: String
    private let followsBlankLine: Bool
    /// Whether part of it has been returned.
    private var hasBegun = false
    private(set) var isClosed = false

    /// Returns nil for anything but a fenced block.
    init?(_ node: CMarkNode, followsBlankLine: Bool) {
        var length: Int32 = 0, offset: Int32 = 0, mark: CChar = 0
        guard node.kind == .codeBlock, cmark_node_get_fenced(node.pointer, &length, &offset, &mark) != 0 else {
            return nil
        }
        self.mark = UInt8(bitPattern: mark)
        self.length = Int(length)
        indent = Int(offset)
        language = CodeBlock.language(ofInfo: node.fenceInfo)
        self.followsBlankLine = followsBlankLine
    }

    /// Adds complete lines up to the closing fence to the update, and returns the rest.
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

    /// The incomplete line, or an empty block if none of it has been returned.
    func tail(_ bytes: ArraySlice<UInt8>) -> [Block] {
        let mayClose = marks(bytes) != nil
        return hasBegun && mayClose ? [] : [block(mayClose ? [] : content(bytes))]
    }

    private func block<Bytes: Sequence<UInt8>>(_ text: Bytes) -> Block {
        let text = String(decoding: Array(text), as: UTF8.self)
        return Block(
            .code(CodeBlock(language: language, text: text, isContinuation: hasBegun)),
            followsBlankLine: followsBlankLine && !hasBegun)
    }

    /// The number of fence characters on a line that has nothing else; nil for other lines.
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
