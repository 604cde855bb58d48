import Foundation
import GGUF

/// A file that is deleted with the object.
final class TemporaryFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "gguf-\(UUID().uuidString).gguf").path

    init(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// A file created by the writer.
    init(_ writer: GGUFWriter, data: (Int) throws -> [UInt8] = { _ in [] }) throws {
        try writer.write(to: path, data: data)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}

/// Opens a file of these bytes and returns the error, or nil if it succeeds.
func openingError(_ bytes: [UInt8]) throws -> GGUFError? {
    let file = try TemporaryFile(bytes)
    do throws(GGUFError) {
        _ = try GGUFFile(path: file.path)
        return nil
    } catch {
        return error
    }
}
