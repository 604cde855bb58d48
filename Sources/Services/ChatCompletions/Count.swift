import JSON

extension JSONValue {
    /// A number of tokens or bytes: a whole number, not negative, below a quadrillion. Nil for everything else.
    var count: Int? {
        guard let number = integer ?? double.flatMap(Int.init(exactly:)), (0..<1_000_000_000_000_000).contains(number)
        else { return nil }
        return number
    }
}
