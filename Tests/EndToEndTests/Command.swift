import Foundation

/// A program that runs to its end, and what it said.
struct Command {
    let status: Int32
    let output: String
    let error: String

    /// Runs a program with an environment added to this one's.
    init(
        _ program: URL, _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
        whileRunning: (Process) throws -> Void = { _ in }
    ) throws {
        // Files and not pipes: a program that stays, as tmux's server does, would inherit a pipe and keep it open.
        let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inFile, outFile, errorFile) = (
            folder.appending(path: "in"), folder.appending(path: "out"), folder.appending(path: "error")
        )
        try Data((input ?? "").utf8).write(to: inFile)
        for file in [outFile, errorFile] { try Data().write(to: file) }

        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: inFile)
        process.standardOutput = try FileHandle(forWritingTo: outFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        try whileRunning(process)
        process.waitUntilExit()
        output = String(decoding: try Data(contentsOf: outFile), as: UTF8.self)
        error = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
        status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
}

extension Fixture {
    /// Runs the program itself.
    func sotto(
        _ arguments: [String], input: String? = nil, whileRunning: (Process) throws -> Void = { _ in }
    ) throws -> Command {
        try Command(
            Self.binary, arguments, input: input, environment: ["SOTTO_HOME": home.path], whileRunning: whileRunning)
    }
}
