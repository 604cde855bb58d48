/// Predicts how fast models generate on this computer from those that have been measured here. Generating reads all
/// weights of a token from memory, so the speed is the memory's bandwidth divided by the bytes of a token.
public struct SpeedPrediction: Sendable, Equatable {
    /// The largest bandwidth that a measured model has reached, in bytes per second; nil if none has been measured.
    public let bytesPerSecond: Double?

    /// - Parameters:
    ///   - models: all models of this computer; services and models without a known size are left out.
    ///   - speeds: measured speeds, in tokens per second.
    public init(_ models: [ModelInfo], _ speeds: ModelSpeeds) {
        bytesPerSecond = models.compactMap { model in
            guard let speed = speeds[model.reference], let bytes = Self.bytesPerToken(of: model) else { return nil }
            return speed * bytes
        }.max()
    }

    /// Tokens per second; nil if nothing has been measured or the model's size is not known.
    public func tokensPerSecond(of model: ModelInfo) -> Double? {
        Self.bytesPerToken(of: model).flatMap(speed(bytesPerToken:))
    }

    /// Tokens per second; nil if nothing has been measured.
    public func tokensPerSecond(of model: RecommendedModel) -> Double? {
        speed(bytesPerToken: Self.bytesPerToken(model.bytes, model.parameters, active: model.activeParameters))
    }

    private func speed(bytesPerToken: Double) -> Double? {
        guard let bytesPerSecond, bytesPerToken > 0 else { return nil }
        return bytesPerSecond / bytesPerToken
    }

    private static func bytesPerToken(of model: ModelInfo) -> Double? {
        guard model.reference.provider == ModelReference.localProvider, let bytes = model.fileBytes, bytes > 0 else {
            return nil
        }
        if let active = model.activeBytes, active > 0 { return Double(active) }
        return bytesPerToken(bytes, model.parameters, active: model.activeParameters)
    }

    /// Of a mixture of experts, a token reads only the parameters that it uses.
    private static func bytesPerToken(_ bytes: Int, _ parameters: Int?, active: Int?) -> Double {
        guard let parameters, let active, active > 0, active < parameters else { return Double(bytes) }
        return Double(bytes) * Double(active) / Double(parameters)
    }
}
