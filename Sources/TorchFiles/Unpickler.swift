/// Reads the pickle of a dictionary of tensors: a subset of the format's operations, none of which runs anything. Every name
/// outside of a short list is refused. (`Lib/pickletools.py` of Python lists the operations.)
struct Unpickler {
    struct Failure: Error {
        let offset: Int
        let problem: String
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// Of all values, so that a small file cannot fill the memory.
    private var values = 0

    private static let valueLimit = 20_000_000

    static func read(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> PickleValue {
        var reader = Unpickler(bytes)
        return try reader.run()
    }

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private func failure(_ problem: String) -> Failure { Failure(offset: max(0, position - 1), problem: problem) }

    // MARK: Operations

    private mutating func run() throws(Failure) -> PickleValue {
        while true {
            values += 1
            guard values < Self.valueLimit else { throw failure("too many values") }
            let operation = try byte()
            switch operation {
            case UInt8(ascii: "."): return try pop()
            case 0x80: _ = try byte()
            case 0x95: _ = try integer(UInt64.self)
            case UInt8(ascii: "("): marks.append(stack.count)
            case UInt8(ascii: "N"): stack.append(.none)
            case 0x88: stack.append(.bool(true))
            case 0x89: stack.append(.bool(false))
            case UInt8(ascii: "J"): stack.append(.integer(Int(try integer(Int32.self))))
            case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
            case UInt8(ascii: "M"): stack.append(.integer(Int(try integer(UInt16.self))))
            case 0x8a: stack.append(.integer(try long()))
            case UInt8(ascii: "G"): stack.append(.number(Double(bitPattern: try integer(UInt64.self).byteSwapped)))
            case UInt8(ascii: "X"): stack.append(.text(try text(Int(try integer(UInt32.self)))))
            case 0x8c: stack.append(.text(try text(Int(try byte()))))
            case UInt8(ascii: "}"): stack.append(.dictionary(PickleDictionary()))
            case UInt8(ascii: "]"): stack.append(.list(PickleList()))
            case UInt8(ascii: ")"): stack.append(.tuple([]))
            case UInt8(ascii: "t"): stack.append(.tuple(try popToMark()))
            case 0x85, 0x86, 0x87: stack.append(.tuple(try pop(Int(operation) - 0x84)))
            case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
            case UInt8(ascii: "r"): memo[Int(try integer(UInt32.self))] = try top()
            case 0x94: memo[memo.count] = try top()
            case UInt8(ascii: "h"): stack.append(try remembered(Int(try byte())))
            case UInt8(ascii: "j"): stack.append(try remembered(Int(try integer(UInt32.self))))
            // The items are taken first: below them is what they belong to.
            case UInt8(ascii: "a"):
                let items = try pop(1)
                try append(items)
            case UInt8(ascii: "e"):
                let items = try popToMark()
                try append(items)
            case UInt8(ascii: "s"):
                let fields = try pop(2)
                try set(fields)
            case UInt8(ascii: "u"):
                let fields = try popToMark()
                try set(fields)
            case UInt8(ascii: "c"): stack.append(try global(module: try line(), name: try line()))
            case 0x93:
                let names = try pop(2)
                guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                    throw failure("a name is not a text")
                }
                stack.append(try global(module: module, name: name))
            case UInt8(ascii: "Q"): stack.append(try storage(try pop()))
            case UInt8(ascii: "R"):
                let call = try pop(2)
                stack.append(try result(of: call[0], call[1]))
            // The state of an object: attributes of the dictionary, which are not tensors.
            case UInt8(ascii: "b"): _ = try pop()
            case UInt8(ascii: "0"): _ = try pop()
            default: throw failure("operation \(operation) does not occur in a list of tensors")
            }
        }
    }

    private func global(module: String, name: String) throws(Failure) -> PickleValue {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw failure(
                "it names \(module.prefix(80)).\(name.prefix(80)), which could run anything. "
                    + "Only tensors can be read; save the model as safetensors")
        }
        return .global(global)
    }

    /// Reference to a storage: ("storage", class, key, device, count).
    private func storage(_ value: PickleValue) throws(Failure) -> PickleValue {
        guard case .tuple(let parts) = value, parts.count >= 3, parts[0] == .text("storage"),
            case .global(.storage(let type)) = parts[1], case .text(let key) = parts[2]
        else { throw failure("a reference to something else than a storage") }
        return .storage(TorchStorage(type: type, key: key))
    }

    private func result(of function: PickleValue, _ arguments: PickleValue) throws(Failure) -> PickleValue {
        guard case .global(let global) = function, case .tuple(let arguments) = arguments else {
            throw failure("a call of something that is not a function")
        }
        switch global {
        case .orderedDictionary: return .dictionary(PickleDictionary())
        case .rebuildParameter:
            guard let first = arguments.first, case .tensor = first else {
                throw failure("a parameter without a tensor")
            }
            return first
        case .rebuildTensor:
            guard arguments.count >= 4, case .storage(let storage) = arguments[0],
                case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
                let strides = integers(arguments[3]), shape.count == strides.count, shape.count <= 8
            else { throw failure("a tensor of another form") }
            return .tensor(TorchTensorParts(storage: storage, offset: offset, shape: shape, strides: strides))
        case .storage: throw failure("a storage outside of the archive")
        }
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let items) = value else { return nil }
        let integers = items.compactMap { if case .integer(let value) = $0, value >= 0 { value } else { nil } }
        return integers.count == items.count ? integers : nil
    }

    private func append(_ items: [PickleValue]) throws(Failure) {
        guard case .list(let list) = try top() else { throw failure("an item without a list") }
        list.items += items
    }

    private func set(_ items: [PickleValue]) throws(Failure) {
        guard case .dictionary(let dictionary) = try top(), items.count.isMultiple(of: 2) else {
            throw failure("a field without a dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case .text(let key) = items[index] else { continue }
            dictionary.fields.append((key, items[index + 1]))
        }
    }

    // MARK: Stack

    private func top() throws(Failure) -> PickleValue {
        guard let value = stack.last else { throw failure("a value is missing") }
        return value
    }

    private mutating func pop() throws(Failure) -> PickleValue { try pop(1)[0] }

    private mutating func pop(_ count: Int) throws(Failure) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw failure("a value is missing") }
        let values = Array(stack.suffix(count))
        stack.removeLast(count)
        return values
    }

    private mutating func popToMark() throws(Failure) -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw failure("a mark is missing") }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values
    }

    private func remembered(_ index: Int) throws(Failure) -> PickleValue {
        guard let value = memo[index] else { throw failure("value \(index) is missing") }
        return value
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) throws(Failure) -> Slice<UnsafeRawBufferPointer> {
        guard count >= 0, count <= bytes.count - position else { throw failure("the list ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func byte() throws(Failure) -> UInt8 { try take(1).first ?? 0 }

    private mutating func integer<T: FixedWidthInteger>(_: T.Type) throws(Failure) -> T {
        let start = position
        _ = try take(MemoryLayout<T>.size)
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: T.self))
    }

    /// An integer of up to eight bytes.
    private mutating func long() throws(Failure) -> Int {
        let count = Int(try byte())
        guard count <= 8 else { throw failure("an integer of \(count) bytes") }
        let digits = try take(count)
        var value: UInt64 = 0
        for (index, digit) in digits.enumerated() { value |= UInt64(digit) << UInt64(8 * index) }
        let unused = UInt64(64 - 8 * count)
        return count == 0 ? 0 : Int(Int64(bitPattern: value << unused) >> Int64(unused))
    }

    private mutating func text(_ count: Int) throws(Failure) -> String {
        String(decoding: try take(count), as: UTF8.self)
    }

    /// The text up to the end of the line.
    private mutating func line() throws(Failure) -> String {
        let rest = bytes[position...].prefix(1_000)
        guard let end = rest.firstIndex(of: 0x0a) else { throw failure("a name does not end") }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
