import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's clipboard program, for terminals that cannot copy by themselves.
struct ClipboardProgram: Sendable {
    private let file: URL
    private let arguments: [String]

    /// Known programs, and the environment variable without which they do not work.
    private static let known: [(name: String, arguments: [String], needs: String?)] = [
        ("pbcopy", [], nil), ("wl-copy", [], "WAYLAND_DISPLAY"),
        ("xclip", ["-selection", "clipboard", "-in"], "DISPLAY"), ("xsel", ["--clipboard", "--input"], "DISPLAY"),
    ]
    /// Seconds that a program may take.
    private static let timeout: TimeInterval = 10

    /// The first program that is installed; nil if there is none.
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

    /// Copies text and returns at once, without waiting for the program: the terminal was asked to copy too.
    func copy(_ text: String) {
        let (file, arguments) = (file, arguments)
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = file
            process.arguments = arguments
            // Through a pipe, because other users can see arguments.
            let input = Pipe()
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return }
            let id = process.processIdentifier
            let deadline = DispatchWorkItem { kill(id, SIGTERM) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeout, execute: deadline)
            try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
            deadline.cancel()
        }
    }
}
