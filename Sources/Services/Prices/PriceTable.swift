import Chat

/// The prices of services' models: those shipped with the program, and the user's own, which win.
public struct PriceTable: Sendable, Equatable {
    var own: [PriceLine] = []
    var shipped: [PriceLine] = []

    /// Without prices.
    public init() {}

    /// Reads both files. What is wrong in them is left out, and is described in a line each; missing files are empty.
    ///
    /// - Parameters:
    ///   - shipped: the path of the program's `prices.json`; nil if it has none.
    ///   - own: the path of the user's.
    public static func load(shipped: String?, own: String?) -> (table: PriceTable, problems: [String]) {
        var table = PriceTable()
        var problems: [String] = []
        if let shipped { table.shipped = PriceFile.load(shipped, problems: &problems) }
        if let own { table.own = PriceFile.load(own, problems: &problems) }
        return (table, problems)
    }

    /// - Parameters:
    ///   - name: the model's name at the service.
    ///   - id: the service's own name, which lines may use instead of its kind.
    func price(of name: String, kind: ServiceKind, id: String? = nil) -> Price? {
        Self.price(of: name, kind, id, in: own) ?? Self.price(of: name, kind, id, in: shipped)
    }

    /// Lines for the service itself come before those for its kind; then the longest pattern wins.
    private static func price(of name: String, _ kind: ServiceKind, _ id: String?, in lines: [PriceLine]) -> Price? {
        for provider in [id, kind.rawValue] {
            let fitting = lines.filter { $0.provider == provider && $0.pattern.matches(name) }
            if let best = fitting.max(by: { $0.pattern.rank < $1.pattern.rank }) { return best.price }
        }
        return nil
    }
}

/// What one line of a price file says.
struct PriceLine: Sendable, Equatable {
    /// A kind of service, or the name of one.
    var provider: String
    var pattern: ModelPattern
    var price: Price
}

/// Which models a price is for: one name with its dated snapshots, or every name with a beginning ("gpt-5*").
struct ModelPattern: Sendable, Equatable {
    private let start: String
    private let isPrefix: Bool

    /// Nil for an empty text, and for a "*" that is not at the end.
    init?(_ text: String) {
        isPrefix = text.hasSuffix("*")
        start = isPrefix ? String(text.dropLast()) : text
        if text.isEmpty || start.contains("*") { return nil }
    }

    /// Larger for patterns that say more.
    var rank: Int { start.utf8.count * 2 + (isPrefix ? 0 : 1) }

    func matches(_ name: String) -> Bool {
        guard name.hasPrefix(start) else { return false }
        return isPrefix || Self.isDate(name.dropFirst(start.count))
    }

    /// Nothing, "-2025-08-07", "-20250807" or "@20250807".
    private static func isDate(_ suffix: Substring) -> Bool {
        guard let mark = suffix.first else { return true }
        guard mark == "-" || mark == "@" else { return false }
        let shape = suffix.dropFirst().map { $0.isASCII && $0.isNumber ? "0" : $0 }
        return String(shape) == "0000-00-00" || String(shape) == "00000000"
    }
}
