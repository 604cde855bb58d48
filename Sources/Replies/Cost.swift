/// What a reply costs, in US dollars.
public struct Cost: Sendable, Equatable, Codable {
    public var dollars: Double
    /// The day of the price list that it comes from, such as "2026-11-28".
    public var priceDate: String

    public init(dollars: Double, priceDate: String) {
        self.dollars = dollars
        self.priceDate = priceDate
    }
}
