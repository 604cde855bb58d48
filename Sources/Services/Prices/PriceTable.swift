import Chat

/// The prices of services' models.
public struct PriceTable: Sendable, Equatable {
    public init() {}

    /// - Parameter name: the model's name at the service.
    func price(of name: String, kind: ServiceKind) -> Price? { nil }

    public static func load(shipped: String?, own: String?) -> (prices: PriceTable, problems: [String]) { (PriceTable(), []) }
}
