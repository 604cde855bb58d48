import Chat

/// Chooses one of a repository's models.
struct HubChoice: Equatable {
    let model: HubModel
    /// Why this one, in one line; nil if there is nothing to explain.
    let note: String?

    /// What fits most computers and loses little.
    private static let standard = "Q4_K_M"
    /// The most names in a message.
    private static let shownNames = 12

    /// - Parameters:
    ///   - models: not empty.
    ///   - quant: what the user asked for; nil to choose by memory.
    ///   - memory: this computer's, in bytes.
    static func choose(from models: [HubModel], quant: String?, memory: Int) throws(PullError) -> HubChoice {
        guard let quant else { return try choose(from: models, memory: memory) }
        guard
            let model = shortest(models.filter { $0.isNamed(quant) })
                ?? shortest(models.filter { $0.isNamed("UD-\(quant)") })
        else { throw .unknownQuantization(quant, known: labels(of: models)) }
        return HubChoice(model: model, note: shortage(model, memory: memory))
    }

    private static func choose(from models: [HubModel], memory: Int) throws(PullError) -> HubChoice {
        func fits(_ model: HubModel) -> Bool { MemoryEstimate.byteCount(fileBytes: model.bytes) <= memory }
        let standards = models.filter { $0.isNamed(standard) }
        let usual = shortest(standards.isEmpty ? models.filter { $0.isNamed("UD-\(standard)") } : standards)
        if let usual, fits(usual) { return HubChoice(model: usual, note: nil) }
        guard let largest = models.filter(fits).max(by: { $0.bytes < $1.bytes }) else {
            throw tooLarge(models, memory: memory)
        }
        guard let usual else {
            let only = models.count == 1
            let note = "There is no \(standard); \(largest.label) is the largest that fits this computer's memory"
            return HubChoice(model: largest, note: only ? nil : note)
        }
        return HubChoice(model: largest, note: shortage(usual, memory: memory))
    }

    private static func tooLarge(_ models: [HubModel], memory: Int) -> PullError {
        let smallest = models.min { $0.bytes < $1.bytes }
        return .tooLargeForMemory(
            smallest: smallest?.label ?? "model", needed: MemoryEstimate.byteCount(fileBytes: smallest?.bytes ?? 0),
            memory: memory)
    }

    private static func shortage(_ model: HubModel, memory: Int) -> String? {
        MemoryEstimate.shortage(of: model.label, forFile: model.bytes, memory: memory)
    }

    /// A repository may have several models of one format: the plain one has the shortest name.
    private static func shortest(_ models: [HubModel]) -> HubModel? {
        models.min { ($0.stem.count, $0.stem) < ($1.stem.count, $1.stem) }
    }

    private static func labels(of models: [HubModel]) -> [String] {
        var seen: Set<String> = []
        return Array(
            models.sorted { $0.bytes < $1.bytes }.map(\.label).filter { seen.insert($0).inserted }
                .prefix(shownNames))
    }
}
