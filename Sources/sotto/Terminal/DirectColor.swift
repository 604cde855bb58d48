import CNcurses
import Files
import Foundation

/// True colour on a terminal that claims it although its terminfo entry only has a palette.
///
/// Entries with direct colour are seldom installed, and none fits every terminal. So the terminal's own entry is read,
/// its colours are made direct, and ncurses loads the result from a temporary file in the format of term(5).
enum DirectColor {
    /// Opens the terminal of this type on `output`; nil if that is not possible.
    static func open(_ type: String, _ output: UnsafeMutablePointer<FILE>) -> OpaquePointer? {
        guard let entry = entry(of: type, output) else { return nil }
        return TemporaryFolder.with { open(entry, output, in: $0) } ?? nil
    }

    private static func open(_ entry: [UInt8], _ output: UnsafeMutablePointer<FILE>, in folder: URL) -> OpaquePointer? {
        // The folder is named after the first letter of the entry, or after its code where file systems ignore case.
        guard let first = name.utf8.first else { return nil }
        for letter in [String(UnicodeScalar(first)), String(first, radix: 16)] {
            let subfolder = folder.appending(path: letter)
            let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            guard
                (try? FileManager.default.createDirectory(
                    at: subfolder, withIntermediateDirectories: true, attributes: owner)) != nil,
                (try? Data(entry).write(to: subfolder.appending(path: name))) != nil
            else { return nil }
        }
        let before = ProcessInfo.processInfo.environment["TERMINFO"]
        setenv("TERMINFO", folder.path, 1)
        defer {
            if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
        }
        return sotto_newterm(name, output)
    }

    /// The name of the entry.
    private static let name = "sotto-direct"

    /// The terminal's entry with direct colours; nil if it has no entry or no ANSI colours.
    private static func entry(of type: String, _ output: UnsafeMutablePointer<FILE>) -> [UInt8]? {
        guard sotto_load_terminfo(type, fileno(output)) else { return nil }
        defer { sotto_free_terminfo() }
        guard let foreground = string("setaf"), foreground.starts(with: Array("\u{1B}[".utf8)) else { return nil }
        var entry = TerminfoEntry(name: name)
        entry.flags = names(sotto_terminfo_flag_name).map { $0 == "ccc" ? false : tigetflag($0) == 1 }
        entry.numbers = names(sotto_terminfo_number_name).map { numbers[$0] ?? tigetnum($0) }
        entry.strings = names(sotto_terminfo_string_name).map { strings[$0].map { Array($0.utf8) } ?? string($0) }
        entry.extendedFlags = ["RGB"] + ["AX", "XT"].filter { tigetflag($0) == 1 }
        entry.extendedNumbers = ["U8"].compactMap { name in tigetnum(name) >= 0 ? (name, tigetnum(name)) : nil }
        entry.extendedStrings = ["E3", "XM", "xm"].compactMap { name in string(name).map { (name, $0) } }
        return entry.bytes
    }

    private static let numbers: [String: Int32] = ["colors": 1 << 24, "pairs": 1 << 16]

    /// The first eight colours remain palette entries, as ncurses expects.
    private static let strings = [
        "setaf": color(3), "setab": color(4),
    ]

    private static func color(_ layer: Int) -> String {
        "\u{1B}[%?%p1%{8}%<%t\(layer)%p1%d%e\(layer)8;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m"
    }

    /// The names of all capabilities of one kind, in order.
    private static func names(_ name: (Int32) -> UnsafePointer<CChar>?) -> [String] {
        var names: [String] = []
        while let next = name(Int32(names.count)) { names.append(String(cString: next)) }
        return names
    }

    private static func string(_ name: String) -> [UInt8]? {
        guard let text = sotto_terminfo_string(name) else { return nil }
        return Array(UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) })
    }
}
