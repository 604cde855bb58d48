import Foundation
import Inference
import Testing

@testable import Providers

struct KernelTuningTests {
    private let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "tuning-\(UUID().uuidString)")
    private var file: String { folder.appending(path: "cache/tuning.json").path }
    private func tuning(_ version: String = "1") -> KernelTuning { KernelTuning(cache: file, version: version) }

    @Test func aChoiceIsRememberedForItsProcessorSetThreadsAndVersion() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let unusual = DecodeKernels(
            prefetch: WeightPrefetch(target: .firstLevel, distance: 12_288), interleaves: true)
        tuning().remember(unusual, for: .portable, threads: 1)
        #expect(tuning().kernels(for: .portable, threads: 1) == unusual)
        #expect(EngineOptions(threads: 1, instructionSet: .portable).tuned(tuning()).kernels == unusual)
        // All others are measured, and nothing that is measured is unusual.
        #expect(WeightPrefetch.candidates.contains(tuning().kernels(for: .portable, threads: 2).prefetch))
        #expect(WeightPrefetch.candidates.contains(tuning("2").kernels(for: .portable, threads: 1).prefetch))
        #expect(tuning().kernels(for: .portable, threads: 1) == unusual)
    }

    @Test func aDamagedFileIsReplaced() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "cache"), withIntermediateDirectories: true)
        for damage in ["", "[1]", #"{"a": {"target": "L2", "distance": 1}}"#] {
            try damage.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(WeightPrefetch.candidates.contains(tuning().kernels(for: .portable, threads: 1).prefetch))
            #expect(try String(contentsOfFile: file, encoding: .utf8).contains("portable, 1 threads, version 1"))
        }
    }

    @Test func withoutTuningTheStandardIsUsed() {
        #expect(EngineOptions().tuned(nil).kernels == .standard)
    }
}
