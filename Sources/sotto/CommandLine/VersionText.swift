import BuildInfo
import Inference

/// What `sotto --version` prints, such as "sotto 0.1.0 (a1b2c3d, AVX-512)".
enum VersionText {
    static var text: String {
        let details = [BuildInfo.commit(), instructionSet.title].compactMap(\.self).joined(separator: ", ")
        return "sotto \(BuildInfo.version) (\(details))"
    }

    /// The one that commands use. If the environment names one that cannot be used, they report that; the version does
    /// not.
    private static var instructionSet: InstructionSet {
        let named = try? InstructionSetArguments.fromEnvironment()
        return named.flatMap { $0.isAvailable ? $0 : nil } ?? .best
    }
}
