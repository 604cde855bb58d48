import Chat

/// Facts about models in words: the same ones in lists, panels and commands.
public enum ModelText {
    /// "1.2 B"; of a mixture of experts "30 B, 3.3 B active".
    public static func parameters(_ total: Int, active: Int? = nil) -> String {
        let all = Format.parameters(total)
        guard let active, active < total else { return all }
        return "\(all), \(Format.parameters(active)) active"
    }

    /// "214 tok/s", or "~12 tok/s" if it is predicted; nil if neither is known.
    public static func speed(measured: Double?, predicted: Double?) -> String? {
        if let measured, measured > 0, measured.isFinite { return "\(Format.number(measured)) tok/s" }
        guard let predicted, predicted > 0, predicted.isFinite else { return nil }
        return "~\(Format.number(predicted)) tok/s"
    }

    /// Why a recommended model should be chosen, or why not.
    ///
    /// - Parameter memory: the computer's memory, in bytes.
    public static func verdict(_ model: RecommendedModel, memory: Int, isBest: Bool) -> String {
        switch model.fit(in: memory) {
        case .tooLarge: "needs \(ByteText.size(model.memoryBytes)), this computer has \(ByteText.size(memory))"
        case .tight: "leaves little memory for other programs"
        case .roomy: isBest ? "best for this computer" : "fits"
        }
    }
}
