import Files
import Foundation
import Sessions

/// A file for another program to read or change, in a private folder that is deleted afterwards, including anything the
/// program left there.
struct TemporaryTextFile {
    let path: String
    private let endsWithLineFeed: Bool

    static func with(_ text: String, _ body: (TemporaryTextFile) throws -> Void) throws {
        let done: Void? = try TemporaryFolder.with { folder in
            let file = TemporaryTextFile(path: "\(folder.path)/text.md", endsWithLineFeed: text.hasSuffix("\n"))
            let lines = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
            try FileAccess.replace(file.path, with: Array(lines.utf8))
            try body(file)
        }
        guard done != nil else {
            throw CommandLineError("Cannot create a folder in \(FileManager.default.temporaryDirectory.path)")
        }
    }

    /// The current text, without the final line feed that programs add to every file.
    func read() throws -> String {
        let bytes = try FileAccess.read(path)
        let isAdded = bytes.last == UInt8(ascii: "\n") && !endsWithLineFeed
        return String(decoding: isAdded ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
