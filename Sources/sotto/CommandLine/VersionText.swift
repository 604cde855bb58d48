import BuildInfo
import Inference

/// What identifies this build in output.
enum VersionText {
    /// What `sotto --version` prints, such as "sotto 0.1.0 (a1b2c3d, AVX-512)".
    static var text: String { text(with: instructionSet.title) }

    /// For reports that name instruction sets themselves, such as "sotto 0.1.0 (a1b2c3d)".
    static var program: String { text(with: nil) }

    private static func text(with detail: String?) -> String {
        let details = [BuildInfo.commit(), detail].compactMap(\.self)
        let name = "sotto \(BuildInfo.version)"
        return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
    }

    /// The one that commands use. If the environment names one that cannot be used, they report that; the version does
    /// not.
    private static var instructionSet: InstructionSet {
        let named = try? InstructionSetArguments.fromEnvironment()
        return named.flatMap { $0.isAvailable ? $0 : nil } ?? .best
    }
}
