import CNcurses
import Foundation

/// Red, green and blue on a terminal that claims to take them, though its description knows of a palette alone.
///
/// Descriptions that say so are seldom installed, and none fits every terminal. So the terminal's own description is
/// taken, its colours are changed to direct ones, and ncurses is given the result: a file in the format of term(5), for
/// as long as it takes to read it.
enum DirectColor {
    /// Opens the terminal of this type on `output`; nil where it cannot be done in this way.
    static func open(_ type: String, _ output: UnsafeMutablePointer<FILE>) -> OpaquePointer? {
        guard let description = description(of: type, output) else { return nil }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sotto-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        // A folder is named for the first letter; for its code where file systems do not tell capitals.
        guard let first = name.utf8.first else { return nil }
        for letter in [String(UnicodeScalar(first)), String(first, radix: 16)] {
            let place = folder.appending(path: letter)
            let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            guard
                (try? FileManager.default.createDirectory(
                    at: place, withIntermediateDirectories: true, attributes: owner)) != nil,
                (try? Data(description).write(to: place.appending(path: name))) != nil
            else { return nil }
        }
        let before = ProcessInfo.processInfo.environment["TERMINFO"]
        setenv("TERMINFO", folder.path, 1)
        defer {
            if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
        }
        return sotto_open(name, output)
    }

    /// What the description goes by.
    private static let name = "sotto-direct"

    /// The description of a terminal with direct colours; nil where there is none, or it speaks no ANSI colours.
    private static func description(of type: String, _ output: UnsafeMutablePointer<FILE>) -> [UInt8]? {
        guard sotto_read_description(type, fileno(output)) else { return nil }
        defer { sotto_forget_description() }
        guard let foreground = string("setaf"), foreground.starts(with: Array("\u{1B}[".utf8)) else { return nil }
        var file = TerminalDescription(name: name)
        file.flags = names(sotto_flag_name).map { $0 == "ccc" ? false : tigetflag($0) == 1 }
        file.numbers = names(sotto_number_name).map { numbers[$0] ?? tigetnum($0) }
        file.strings = names(sotto_string_name).map { strings[$0].map { Array($0.utf8) } ?? string($0) }
        file.moreFlags = ["RGB"] + ["AX", "XT"].filter { tigetflag($0) == 1 }
        file.moreNumbers = ["U8"].compactMap { name in tigetnum(name) >= 0 ? (name, tigetnum(name)) : nil }
        file.moreStrings = ["E3", "XM", "xm"].compactMap { name in string(name).map { (name, $0) } }
        // Without these ncurses asks for mouse reports that end at column 223.
        if string("XM") == nil, string("kmous") == Array("\u{1B}[M".utf8) {
            file.moreStrings.append(("XM", Array("\u{1B}[?1006;1000%?%p1%{1}%=%th%el%;".utf8)))
            if let place = names(sotto_string_name).firstIndex(of: "kmous") {
                file.strings[place] = Array("\u{1B}[<".utf8)
            }
        }
        return file.bytes
    }

    private static let numbers: [String: Int32] = ["colors": 1 << 24, "pairs": 1 << 16]

    /// The first eight stay those of the palette, as ncurses has it.
    private static let strings = [
        "setaf": color(3), "setab": color(4),
    ]

    private static func color(_ layer: Int) -> String {
        "\u{1B}[%?%p1%{8}%<%t\(layer)%p1%d%e\(layer)8;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m"
    }

    /// The capabilities of one kind, in their order.
    private static func names(_ name: (Int32) -> UnsafePointer<CChar>?) -> [String] {
        var names: [String] = []
        while let next = name(Int32(names.count)) { names.append(String(cString: next)) }
        return names
    }

    private static func string(_ name: String) -> [UInt8]? {
        guard let text = sotto_string(name) else { return nil }
        return Array(UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) })
    }
}
