import ArgumentParser
import Foundation
import Inference

/// The instruction set of every command that computes: an option, else an environment variable.
struct InstructionSetArguments: ParsableArguments {
    @Option(help: "Instruction set of the kernels (default: the fastest that this processor supports).")
    var instructionSet: InstructionSet?

    /// The one to use; nil if neither the option nor the variable is set.
    func chosen() throws -> InstructionSet? {
        guard let set = try instructionSet ?? Self.fromEnvironment() else { return nil }
        guard set.isAvailable else { throw EngineError.instructionSetUnavailable(set) }
        return set
    }

    /// Reports mistakes before anything is loaded.
    func validate() throws {
        do {
            _ = try chosen()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    static let variable = "SOTTO_INSTRUCTION_SET"

    /// The value of the variable; nil if it is not set or empty.
    static func fromEnvironment() throws -> InstructionSet? {
        guard let name = ProcessInfo.processInfo.environment[variable], !name.isEmpty else { return nil }
        guard let set = InstructionSet(rawValue: name) else {
            let names = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandLineError("\(variable) must be one of \(names), not \"\(name.prefix(40))\"")
        }
        return set
    }
}

extension InstructionSet: ExpressibleByArgument {}
