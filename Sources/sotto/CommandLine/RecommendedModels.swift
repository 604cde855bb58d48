import Chat
import Providers
import Sessions

extension Catalogue {
    /// The table of recommended models: the shipped one with the user's own lines, and what is wrong in it, one line
    /// each.
    func recommendations() -> (models: [RecommendedModel], problems: [String]) {
        RecommendationTable.load(
            shipped: home.shipped.map { "\($0)/models/recommended.json" }, own: "\(home.folder)/recommended.json")
    }
}
