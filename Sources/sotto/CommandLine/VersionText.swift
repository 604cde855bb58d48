import BuildInfo
import Inference

/// What `sotto --version` prints, such as "sotto 0.1.0 (a1b2c3d, AVX-512)".
enum VersionText {
    static var text: String {
        let details = [BuildInfo.commit(), Processor.instructionSet].compactMap(\.self).joined(separator: ", ")
        return "sotto \(BuildInfo.version) (\(details))"
    }
}
