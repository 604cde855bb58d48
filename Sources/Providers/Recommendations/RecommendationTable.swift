import Chat

/// The well-known models that can be recommended: those shipped with the program, and the user's own, which win.
public enum RecommendationTable {
    /// Reads both files. A line of the user's replaces the shipped line with the same address, or is added at the end.
    /// What is wrong in them is left out, and is described in a line each; missing files are empty.
    ///
    /// - Parameters:
    ///   - shipped: the path of the program's `recommended.json`; nil if it has none.
    ///   - own: the path of the user's.
    public static func load(shipped: String?, own: String?) -> (models: [RecommendedModel], problems: [String]) {
        var problems: [String] = []
        var models = shipped.map { RecommendationFile.load($0, problems: &problems) } ?? []
        for line in own.map({ RecommendationFile.load($0, problems: &problems) }) ?? [] {
            if let index = models.firstIndex(where: { $0.address == line.address }) {
                models[index] = line
            } else {
                models.append(line)
            }
        }
        return (models, problems)
    }
}
