import Testing

@testable import Inference

/// The names that users type, and what this processor supports.
struct InstructionSetTests {
    @Test(arguments: InstructionSet.allCases)
    func nameIsReadBack(_ set: InstructionSet) {
        #expect(InstructionSet(rawValue: set.rawValue) == set)
        #expect(set.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
        #expect(set.title != "unknown")
    }

    @Test func bestIsAvailable() {
        #expect(InstructionSet.available.contains(.best))
        #expect(InstructionSet.available.first == .portable)
    }

    @Test func unavailableSetIsReportedWithTheAvailableOnes() throws {
        // No processor has both x86 and ARM instructions.
        let missing = try #require([InstructionSet.neon, .avx2].first { !$0.isAvailable })
        let error = #expect(throws: EngineError.self) { try Compute(threads: 1, instructionSet: missing) }
        let text = try #require(error).description
        #expect(text.contains("does not support \(missing.rawValue)"))
        #expect(InstructionSet.available.allSatisfy { text.contains($0.rawValue) })
    }
}
