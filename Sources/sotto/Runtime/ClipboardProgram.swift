import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's clipboard program, for terminals that do not know how to copy by themselves.
struct ClipboardProgram: Sendable {
    private let file: URL
    private let arguments: [String]

    /// What there is on the systems we know, and the variable that says that it can work here.
    private static let known: [(name: String, arguments: [String], needs: String?)] = [
        ("pbcopy", [], nil), ("wl-copy", [], "WAYLAND_DISPLAY"),
        ("xclip", ["-selection", "clipboard", "-in"], "DISPLAY"), ("xsel", ["--clipboard", "--input"], "DISPLAY"),
    ]
    /// Seconds that a program may take.
    private static let patience: TimeInterval = 10

    /// The first that is there; nil where none is.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        for program in Self.known where program.needs.map({ environment[$0]?.isEmpty == false }) ?? true {
            let files = folders.map { $0.appending(path: program.name) }
            if let file = files.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) {
                self.file = file
                arguments = program.arguments
                return
            }
        }
        return nil
    }

    /// Hands text over and returns at once. What the program makes of it is not waited for: the terminal was asked too.
    func copy(_ text: String) {
        let (file, arguments) = (file, arguments)
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = file
            process.arguments = arguments
            // Through a pipe: arguments are for everybody to see.
            let input = Pipe()
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return }
            let id = process.processIdentifier
            let deadline = DispatchWorkItem { kill(id, SIGTERM) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience, execute: deadline)
            try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
            deadline.cancel()
        }
    }
}
