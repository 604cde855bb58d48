import Foundation
import Sessions

/// A file for another program to read or change, in a private folder that is deleted afterwards, including anything the
/// program left there.
struct TemporaryTextFile {
    let path: String
    private let endsWithLineFeed: Bool

    static func with(_ text: String, _ body: (TemporaryTextFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sotto-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0 else { throw CommandLineError("Cannot create the folder \(folder)") }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = TemporaryTextFile(path: "\(folder)/text.md", endsWithLineFeed: text.hasSuffix("\n"))
        try FileAccess.replace(file.path, with: Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8))
        try body(file)
    }

    /// The current text, without the final line feed that programs add to every file.
    func read() throws -> String {
        let bytes = try FileAccess.read(path)
        let isAdded = bytes.last == UInt8(ascii: "\n") && !endsWithLineFeed
        return String(decoding: isAdded ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
