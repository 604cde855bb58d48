/// The key-value pairs of a file, in the order of the file.
public struct GGUFMetadata: Sendable {
    /// A pair and its position.
    public struct Entry: Sendable {
        public let key: String
        public let value: GGUFValue
        /// The position of the key, in bytes from the start of the file.
        public let offset: Int
    }

    public private(set) var entries: [Entry] = []
    private var indexByKey: [String: Int] = [:]
    private let path: String

    init(path: String) {
        self.path = path
    }

    public subscript(key: String) -> GGUFValue? {
        indexByKey[key].map { entries[$0].value }
    }

    /// Adds a pair; returns false and adds nothing if the key already exists.
    mutating func add(_ entry: Entry) -> Bool {
        guard indexByKey[entry.key] == nil else { return false }
        indexByKey[entry.key] = entries.count
        entries.append(entry)
        return true
    }

    // MARK: Typed access

    /// The integer for `key`, or nil if there is none. Throws if it is not an integer or not in `range`.
    public func int(_ key: String, in range: ClosedRange<Int>) throws(GGUFError) -> Int? {
        guard let int = try typed(key, "an integer", \.int) else { return nil }
        guard range.contains(int) else {
            throw error(.outOfRange(found: "\(int)", allowed: "in \(range.lowerBound)…\(range.upperBound)"), key)
        }
        return int
    }

    /// The number for `key`, or nil if there is none. Throws if it is not a number or not finite.
    public func float(_ key: String) throws(GGUFError) -> Double? {
        guard let float = try typed(key, "a number", \.float) else { return nil }
        guard float.isFinite else { throw error(.outOfRange(found: "\(float)", allowed: "finite"), key) }
        return float
    }

    /// The boolean for `key`, or nil if there is none. Throws if it is of another type.
    public func bool(_ key: String) throws(GGUFError) -> Bool? { try typed(key, "a boolean", \.bool) }

    /// The string for `key`, or nil if there is none. Throws if it is of another type.
    public func string(_ key: String) throws(GGUFError) -> String? { try typed(key, "a string", \.string) }

    /// The array for `key`, or nil if there is none. Throws if it is of another type.
    public func array(_ key: String) throws(GGUFError) -> GGUFArray? { try typed(key, "an array", \.array) }

    public func requireInt(_ key: String, in range: ClosedRange<Int>) throws(GGUFError) -> Int {
        try require(try int(key, in: range), key)
    }

    public func requireFloat(_ key: String) throws(GGUFError) -> Double { try require(try float(key), key) }

    public func requireString(_ key: String) throws(GGUFError) -> String { try require(try string(key), key) }

    public func requireArray(_ key: String) throws(GGUFError) -> GGUFArray { try require(try array(key), key) }

    /// An error about the value for `key`, for callers with checks of their own.
    public func error(_ problem: GGUFError.Problem, _ key: String) -> GGUFError {
        var error = GGUFError(
            problem, field: "metadata value \"\(key)\"", offset: indexByKey[key].map { entries[$0].offset })
        error.path = path
        return error
    }

    private func typed<T>(_ key: String, _ expected: String, _ view: (GGUFValue) -> T?) throws(GGUFError) -> T? {
        guard let value = self[key] else { return nil }
        guard let typed = view(value) else {
            throw error(.wrongType(expected: expected, found: "\(value.type)"), key)
        }
        return typed
    }

    private func require<T>(_ value: T?, _ key: String) throws(GGUFError) -> T {
        guard let value else { throw error(.missing, key) }
        return value
    }
}
