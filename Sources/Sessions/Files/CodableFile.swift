import Foundation

/// A small JSON file of the program's own.
enum CodableFile {
    private static let sizeLimit = 1 << 20

    /// nil if the file is missing or damaged.
    static func load<Value: Decodable>(_ type: Value.Type, from path: String) -> Value? {
        let bytes = try? FileAccess.read(path, limit: sizeLimit)
        return bytes.flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
    }

    static func save(_ value: some Encodable, to path: String) throws(SessionError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data: Data
        do {
            data = try encoder.encode(value)
        } catch {
            throw .cannotWrite(path: path, reason: "\(error)")
        }
        try FileAccess.replace(path, with: Array(data))
    }
}
