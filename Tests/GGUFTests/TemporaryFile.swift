import Foundation
import GGUF

/// A file that goes away with the object.
final class TemporaryFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "gguf-\(UUID().uuidString).gguf").path

    init(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// A file as the writer makes it.
    init(_ writer: GGUFWriter, data: (Int) throws -> [UInt8] = { _ in [] }) throws {
        try writer.write(to: path, data: data)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}

/// Opens a file of these bytes and returns the error that this gives, or nil.
func openingError(_ bytes: [UInt8]) throws -> GGUFError? {
    let file = try TemporaryFile(bytes)
    do throws(GGUFError) {
        _ = try GGUFFile(path: file.path)
        return nil
    } catch {
        return error
    }
}
