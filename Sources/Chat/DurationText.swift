/// Lengths of time for people.
public enum DurationText {
    /// "4 s", "12 min", "3 h", "2 d"; "?" if it is not a length of time.
    public static func whole(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "?" }
        switch seconds {
        case ..<119.5: return "\(Int(seconds.rounded())) s"
        case ..<(119.5 * 60): return "\(Int((seconds / 60).rounded())) min"
        case ..<(48 * 3600): return "\(Int((seconds / 3600).rounded())) h"
        default: return "\(Int(min(seconds / 86_400, 9999).rounded())) d"
        }
    }
}
