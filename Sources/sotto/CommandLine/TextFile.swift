import Foundation
import UTF8Text

/// Reads files named on the command line.
enum TextFile {
    static func read(_ path: String, limit: Int = 256 << 20) throws -> Data {
        let url = URL(filePath: path)
        let values: URLResourceValues
        do {
            values = try url.resourceValues(forKeys: [.isDirectoryKey, .fileSizeKey])
        } catch {
            throw CommandLineError("\(path): no such file, or no permission to read it")
        }
        guard values.isDirectory != true else { throw CommandLineError("\(path) is a folder; expected a file") }
        guard values.fileSize ?? 0 <= limit else {
            throw CommandLineError("\(path) is longer than \(limit >> 20) MiB")
        }
        do {
            return try Data(contentsOf: url)
        } catch {
            throw CommandLineError("\(path) cannot be read")
        }
    }

    static func readText(_ path: String, limit: Int = 256 << 20) throws -> String {
        do {
            return try TextDecoding.text(Array(try read(path, limit: limit)))
        } catch let error as TextDecoding.Failure {
            throw CommandLineError("\(path) \(error.reason)")
        }
    }
}
