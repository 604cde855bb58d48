/// Predicts how fast models generate on this computer from those that have been measured here. Generating reads all
/// weights of a token from memory, so the speed is the memory's bandwidth divided by the bytes of a token. What does not fit
/// into memory is read from the disk.
public struct SpeedPrediction: Sendable, Equatable {
    /// The largest bandwidth that a measured model has reached, in bytes per second; nil if none has been measured.
    public let bytesPerSecond: Double?

    /// Bytes per second that mapped files are read with: what disks of this kind (SATA) reach. Others are faster, but how
    /// fast is only known once the model has replied, and then its measured speed is shown.
    public static let diskBytesPerSecond = 500e6

    /// - Parameters:
    ///   - models: all models of this computer; services and models without a known size are left out.
    ///   - speeds: measured speeds, in tokens per second.
    public init(_ models: [ModelInfo], _ speeds: ModelSpeeds) {
        bytesPerSecond = models.compactMap { model in
            guard let speed = speeds[model.reference], let bytes = Self.bytesPerToken(of: model),
                model.memory?.diskBytesPerToken ?? 0 == 0
            else { return nil }
            return speed * bytes
        }.max()
    }

    /// Tokens per second; nil if nothing has been measured or the model's size is not known. If weights must be read from
    /// the disk, that takes most of the time, and a measured speed only makes the prediction better.
    public func tokensPerSecond(of model: ModelInfo) -> Double? {
        guard let bytes = Self.bytesPerToken(of: model) else { return nil }
        let fromDisk = model.memory?.diskBytesPerToken ?? 0
        guard fromDisk > 0 else { return speed(bytesPerToken: bytes) }
        let seconds = Double(fromDisk) / Self.diskBytesPerSecond + (bytesPerSecond.map { bytes / $0 } ?? 0)
        return 1 / seconds
    }

    /// "4.2 GB of 18 GB do not fit into memory: about 0.8 tokens/s"; nil if all weights in use do.
    public func pagingText(of model: ModelInfo) -> String? {
        guard let memory = model.memory, memory.missingBytes > 0, let fileBytes = model.fileBytes,
            let speed = tokensPerSecond(of: model)
        else { return nil }
        let tenths = Int((min(speed, 1e6) * 10).rounded())
        let rate = tenths == 0 ? "less than 0.1" : "about \(tenths / 10).\(tenths % 10)"
        let missing = "\(ByteText.size(memory.missingBytes)) of \(ByteText.size(fileBytes))"
        return "\(missing) do not fit into memory: \(rate) tokens/s"
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
