import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A helper of the tests that has ended, and what it printed.
package struct FinishedProgram: Sendable {
    package let status: Int32
    package let output: String

    struct CannotStart: Error {
        let words: [String]
    }

    /// Runs a program from the path and waits until it ends.
    package init(_ words: [String], error: ChildProgram.Stream = .inherited) throws {
        guard let program = words.first, let pipe = ProgramPipe() else { throw CannotStart(words: words) }
        let pid = ChildProgram(program, Array(words.dropFirst()))
            .start(.session, input: .null, output: .descriptor(pipe.writeEnd), error: error)
        close(pipe.writeEnd)
        let reader = FileHandle(fileDescriptor: pipe.readEnd, closeOnDealloc: true)
        guard let pid else { throw CannotStart(words: words) }
        output = String(decoding: try reader.readToEnd() ?? Data(), as: UTF8.self)
        status = ChildProgram.exitCode(of: pid)
    }
}
