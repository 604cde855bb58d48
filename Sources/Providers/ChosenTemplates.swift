import Files
import Foundation
import Synchronization

/// The chat templates that the user gave to models instead of their own, remembered in a file by the models' names.
public final class ChosenTemplates: Sendable {
    /// A JSON object: model name → absolute path of a Jinja template.
    private let file: String
    /// The path of a template for every model, in this run.
    private let fixed: String?
    private let remembersFixed: Bool
    private let writing = Mutex(())

    private static let mostBytes = 1 << 20

    /// - Parameters:
    ///   - file: a JSON file. If it is missing or damaged, every model has its own template.
    ///   - fixed: the path of a template that all models use, whatever the file says.
    ///   - remembersFixed: whether it is then remembered for the models that were used with it.
    public init(file: String, fixed: String? = nil, remembersFixed: Bool = false) {
        self.file = file
        self.fixed = fixed
        self.remembersFixed = remembersFixed
    }

    /// The source of a model's template; nil for its own. Throws if the chosen file cannot be read.
    public func source(for model: String) throws(ModelNameError) -> String? {
        guard let path = fixed ?? entries[model] else { return nil }
        return try Self.read(path)
    }

    /// The source in a file.
    static func read(_ path: String) throws(ModelNameError) -> String {
        do throws(ModelFileError) {
            let bytes = try FileIO<ModelFileError>.read(path, limit: mostBytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .cannotRead(path: path, reason: "not UTF-8 text")
            }
            return text
        } catch {
            throw .template("\(error)")
        }
    }

    /// Notes that a model works with its template. If that cannot be saved, the template counts in this run only.
    func noteUse(for model: String) {
        guard remembersFixed, let fixed, entries[model] != fixed else { return }
        try? set(fixed, for: model)
    }

    /// - Parameter path: an absolute path; nil for the model's own template.
    public func set(_ path: String?, for model: String) throws {
        try writing.withLock { _ in
            var entries = entries
            entries[model] = path
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try FileIO<ModelFileError>.replace(file, with: Array(try encoder.encode(entries)))
        }
    }

    private var entries: [String: String] {
        let bytes = try? FileIO<ModelFileError>.read(file, limit: Self.mostBytes)
        return bytes.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0)) } ?? [:]
    }
}
