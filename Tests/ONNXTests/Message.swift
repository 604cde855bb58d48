/// A message in protobuf's wire format, for files that no library would write.
struct Message {
    private(set) var bytes: [UInt8] = []

    func integer(_ number: Int, _ value: Int) -> Message {
        adding(Self.varint(UInt64(number << 3)) + Self.varint(UInt64(bitPattern: Int64(value))))
    }

    func data(_ number: Int, _ content: [UInt8]) -> Message {
        adding(Self.varint(UInt64(number << 3 | 2)) + Self.varint(UInt64(content.count)) + content)
    }

    func text(_ number: Int, _ text: String) -> Message { data(number, Array(text.utf8)) }
    func message(_ number: Int, _ message: Message) -> Message { data(number, message.bytes) }
    func raw(_ content: [UInt8]) -> Message { adding(content) }

    private func adding(_ content: [UInt8]) -> Message {
        var copy = self
        copy.bytes += content
        return copy
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (value, bytes) = (value, [UInt8]())
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        return bytes + [UInt8(value)]
    }

    // MARK: Parts of ONNX models

    static func model(_ graph: Message) -> Message { Message().integer(1, 9).message(7, graph) }

    static func tensor(_ name: String, type: Int = 1, dimensions: [Int] = [2]) -> Message {
        dimensions.reduce(Message()) { $0.integer(1, $1) }.integer(2, type).text(8, name)
    }

    /// A tensor in another file.
    static func external(_ name: String, dimensions: [Int] = [2], _ entries: [(String, String)]) -> Message {
        entries.reduce(tensor(name, dimensions: dimensions).integer(14, 1)) {
            $0.message(13, Message().text(1, $1.0).text(2, $1.1))
        }
    }

    /// A node with an attribute that is a graph.
    static func branch(_ graph: Message) -> Message {
        Message().text(4, "If").message(5, Message().text(1, "then_branch").message(6, graph))
    }
}
