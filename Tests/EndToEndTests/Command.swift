import Foundation
import Synchronization

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
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (inPipe, outPipe, errorPipe) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input == nil ? FileHandle.nullDevice : inPipe
        process.standardOutput = outPipe
        process.standardError = errorPipe
        try process.run()
        if let input {
            inPipe.fileHandleForWriting.write(Data(input.utf8))
            try inPipe.fileHandleForWriting.close()
        }
        // Both pipes are read at once, so that neither can fill up and hold the program.
        let errorText = Mutex("")
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            let text = String(decoding: errorPipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            errorText.withLock { $0 = text }
        }
        try whileRunning(process)
        output = String(decoding: outPipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        group.wait()
        process.waitUntilExit()
        error = errorText.withLock { $0 }
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
