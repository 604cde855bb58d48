import ChatApp
import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that copies its input: to the system's clipboard, for terminals that cannot do that by themselves, or to
/// the buffer of tmux, which by default ignores what programs ask its terminals for.
struct ClipboardProgram: Sendable {
    let target: CopyReport.Target
    private let file: URL
    /// In order: what is tried if a program does not know the options before.
    private let attempts: [[String]]

    private struct Known {
        let name: String
        let attempts: [[String]]
        /// The environment variable without which it does not work.
        var needs: String?
    }

    private static let system = [
        Known(name: "pbcopy", attempts: [[]]), Known(name: "wl-copy", attempts: [[]], needs: "WAYLAND_DISPLAY"),
        Known(name: "xclip", attempts: [["-selection", "clipboard", "-in"]], needs: "DISPLAY"),
        Known(name: "xsel", attempts: [["--clipboard", "--input"]], needs: "DISPLAY"),
    ]
    /// With `-w`, tmux also sends the text to the clipboard of its own terminal; it is known from tmux 3.2 on.
    private static let tmux = Known(
        name: "tmux", attempts: [["load-buffer", "-w", "-"], ["load-buffer", "-"]], needs: "TMUX")
    /// Seconds that a program may take.
    private static let timeout: TimeInterval = 10

    /// The programs to copy with: tmux inside tmux, and the first of the system's that is installed.
    static func all(environment: [String: String] = ProcessInfo.processInfo.environment) -> [ClipboardProgram] {
        [find(tmux, environment), system.lazy.compactMap { find($0, environment) }.first].compactMap(\.self)
    }

    private static func find(_ known: Known, _ environment: [String: String]) -> ClipboardProgram? {
        if let needed = known.needs, environment[needed]?.isEmpty != false { return nil }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        let file = folders.map { $0.appending(path: known.name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        return file.map {
            ClipboardProgram(
                target: known.name == tmux.name ? .tmux : .program(known.name), file: $0, attempts: known.attempts)
        }
    }

    /// Copies text with all of them on a thread of its own, and then reports what was done.
    ///
    /// - Parameter others: what the text has been sent to already.
    static func copy(
        _ text: String, name: String, with programs: [ClipboardProgram], others: [CopyReport.Target],
        report: @escaping @Sendable (CopyReport) -> Void
    ) {
        Thread.detachNewThread {
            let failed = programs.filter { program in !program.attempts.contains { program.run($0, text) } }
            let done = programs.map(\.target).filter { target in !failed.contains { $0.target == target } }
            report(
                CopyReport(
                    name: name, characters: text.count, targets: done + others,
                    problem: failed.first.map { "\($0.file.lastPathComponent) failed" }))
        }
    }

    /// - Returns: whether it succeeded.
    private func run(_ arguments: [String], _ text: String) -> Bool {
        // Through a pipe, because other users can see arguments.
        guard let pipe = ProgramPipe() else { return false }
        let pid = ChildProgram(file.path, arguments)
            .start(.session, input: .descriptor(pipe.readEnd), output: .null, error: .null)
        close(pipe.readEnd)
        guard let pid else {
            close(pipe.writeEnd)
            return false
        }
        let input = FileHandle(fileDescriptor: pipe.writeEnd, closeOnDealloc: true)
        let deadline = DispatchWorkItem { kill(pid, SIGTERM) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeout, execute: deadline)
        try? input.write(contentsOf: Data(text.utf8))
        try? input.close()
        let code = ChildProgram.exitCode(of: pid)
        deadline.cancel()
        return code == 0
    }
}
