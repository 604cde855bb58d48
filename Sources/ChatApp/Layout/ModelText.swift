import Chat

/// Facts about models in words: the same ones in lists, panels and commands.
public enum ModelText {
    /// "1.2 B"; of a mixture of experts "30.5 B, 3.3 B active".
    public static func parameters(_ total: Int, active: Int? = nil) -> String {
        let all = Format.parameters(total)
        return activeParameters(active, of: total).map { "\(all), \($0)" } ?? all
    }

    /// "3.3 B active"; nil if a token uses all parameters.
    static func activeParameters(_ active: Int?, of total: Int?) -> String? {
        guard let active, let total, active < total else { return nil }
        return "\(Format.parameters(active)) active"
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
