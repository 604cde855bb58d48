import ArgumentParser
import Chat
import ChatApp
import Foundation
import Inference

extension ModelsCommand {
    struct Recommend: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recommend well-known models for this computer.",
            discussion: """
                The table is part of Sotto; nothing is contacted. Lines of your own in recommended.json in Sotto's folder \
                win. Memory is estimated from the size; a speed is predicted once a model has replied here.
                """)

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let catalogue = Catalogue.current
            let (models, problems) = catalogue.recommendations()
            for problem in problems { StandardError.writeLine("sotto: \(problem)") }
            let reports = RecommendationReport.reports(
                models, memory: Machine.memory,
                prediction: SpeedPrediction(catalogue.models.models(), catalogue.speedFile.load()))
            if json { return try StandardOutput.writeJSON(reports) }
            guard !reports.isEmpty else { throw CommandLineError("There is no table of recommended models") }
            let lines = RecommendationReport.summary(reports, memory: Machine.memory)
            let table = TextTable.list(RecommendationReport.heading, reports.map(\.row))
            try StandardOutput.write(StandardOutput.presentable("\(lines)\n\n\(table)"))
        }
    }
}

/// What `sotto models recommend` reports about a model.
struct RecommendationReport: Encodable {
    let address: String
    let title: String
    let parameters: Int
    let activeParameters: Int?
    let bytes: Int
    /// Estimated from the size.
    let memoryBytes: Int
    /// Whether this computer's memory is large enough.
    let fits: Bool
    let isBest: Bool
    /// Nil if no model has been measured on this computer.
    let predictedTokensPerSecond: Double?
    let license: String
    let use: String
    let released: String?
    /// Why it should be chosen, or why not.
    let reason: String
    /// Where the facts were looked up, and when.
    let source: String
    let date: String

    /// The best first, those that do not fit last.
    ///
    /// - Parameter memory: the computer's memory, in bytes.
    static func reports(
        _ models: [RecommendedModel], memory: Int, prediction: SpeedPrediction
    ) -> [RecommendationReport] {
        let recommendations = Recommendations(models, memory: memory)
        return (recommendations.fitting + recommendations.tooLarge).map { model in
            let isBest = model == recommendations.best
            return RecommendationReport(
                address: model.address, title: model.title, parameters: model.parameters,
                activeParameters: model.activeParameters, bytes: model.bytes, memoryBytes: model.memoryBytes,
                fits: model.fit(in: memory) != .tooLarge, isBest: isBest,
                predictedTokensPerSecond: prediction.tokensPerSecond(of: model), license: model.license,
                use: model.use.rawValue, released: model.released,
                reason: ModelText.verdict(model, memory: memory, isBest: isBest), source: model.source,
                date: model.date)
        }
    }

    static let heading = ["NAME", "PARAMETERS", "SIZE", "MEMORY", "SPEED", "LICENSE", "USE", "ADDRESS", "FOR YOU"]

    var row: [String] {
        [
            title, ModelText.parameters(parameters, active: activeParameters), ByteText.size(bytes),
            ByteText.size(memoryBytes), ModelText.speed(measured: nil, predicted: predictedTokensPerSecond) ?? "",
            license, use, address, reason,
        ]
    }

    /// The best one and how to get it.
    static func summary(_ reports: [RecommendationReport], memory: Int) -> String {
        let size = ByteText.size(memory)
        guard let best = reports.first(where: \.isBest) else {
            return "This computer has \(size) of memory; none of these leaves room for other programs."
        }
        let lines = ["Best for \(size) of memory: \(best.title). Fetch it with: sotto pull \(best.address)"]
        return (lines + [fastest(reports, besides: best)].compactMap(\.self)).joined(separator: "\n")
    }

    /// The largest that is fast enough to talk with, if the best one is not; nil if that is not known.
    private static func fastest(_ reports: [RecommendationReport], besides best: RecommendationReport) -> String? {
        func isFast(_ report: RecommendationReport) -> Bool {
            report.predictedTokensPerSecond.map { $0 >= conversationSpeed } ?? false
        }
        guard !isFast(best), let report = reports.first(where: { $0.fits && isFast($0) }) else { return nil }
        return "Fast enough to talk with: \(report.title). Fetch it with: sotto pull \(report.address)"
    }

    /// Tokens per second, about as fast as people read.
    private static let conversationSpeed = 6.0
}
