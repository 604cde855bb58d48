import Files
import Foundation
import Inference

/// What was measured to be fastest on this computer, remembered in a file.
public struct KernelTuning: Sendable {
    private let path: String
    private let version: String

    /// Bytes of the file, and entries: other processors and older versions may share it, but it does not grow forever.
    private static let mostBytes = 1 << 20
    private static let mostEntries = 64

    /// - Parameters:
    ///   - cache: path of the file. If it is missing or damaged, the choice is measured again.
    ///   - version: of the program; another version has other kernels.
    public init(cache: String, version: String) {
        path = cache
        self.version = version
    }

    /// The remembered choice, otherwise one measured now, which takes about half a second.
    public func kernels(for set: InstructionSet, threads: Int) -> DecodeKernels {
        if let known = entries[key(set, threads)] { return known }
        guard let measured = try? KernelTuner().measure(instructionSet: set, threads: threads) else { return .standard }
        remember(measured.best, for: set, threads: threads)
        return measured.best
    }

    /// A file that cannot be written only costs the next measurement.
    public func remember(_ kernels: DecodeKernels, for set: InstructionSet, threads: Int) {
        var entries = entries
        if entries.count >= Self.mostEntries { entries = [:] }
        entries[key(set, threads)] = kernels
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(entries) else { return }
        let folder = (path as NSString).deletingLastPathComponent
        try? FileIO<ModelFileError>.makeFolder(folder)
        try? FileIO<ModelFileError>.replace(path, with: Array(data))
    }

    private func key(_ set: InstructionSet, _ threads: Int) -> String {
        "\(Processor.name ?? "unknown processor"), \(set.rawValue), \(threads) threads, version \(version)"
    }

    private var entries: [String: DecodeKernels] {
        let bytes = try? FileIO<ModelFileError>.read(path, limit: Self.mostBytes)
        return bytes.flatMap { try? JSONDecoder().decode([String: DecodeKernels].self, from: Data($0)) } ?? [:]
    }
}

extension EngineOptions {
    /// With the fastest kernels for these threads and this instruction set.
    public func tuned(_ tuning: KernelTuning?) -> EngineOptions {
        guard let tuning else { return self }
        var options = self
        options.kernels = tuning.kernels(for: usedInstructionSet, threads: usedThreads)
        return options
    }
}
