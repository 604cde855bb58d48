/// A list of byte strings in one buffer: 262,144 pieces without 262,144 allocations.
public struct PieceList: Sendable {
    private(set) var bytes: [UInt8] = []
    /// `ends[i]` is the end of piece i in `bytes`; it starts at the end of the piece before it.
    private var ends: [Int] = []

    public init() {}

    public init(_ pieces: some Sequence<String>) {
        for piece in pieces { append(piece.utf8) }
    }

    public var count: Int { ends.count }

    public mutating func append(_ piece: some Collection<UInt8>) {
        bytes.append(contentsOf: piece)
        ends.append(bytes.count)
    }

    /// The bytes of piece `index`, which must be in `0..<count`.
    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(of: index)] }

    /// The range of piece `index` in `bytes`.
    func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}
