import Foundation

/// The sequence that asks a terminal to set the clipboard (OSC 52).
public enum ClipboardRequest {
    /// - Parameter throughScreen: GNU screen passes on only what is wrapped in a device control string, and no more than
    ///   768 bytes of it.
    public static func bytes(_ text: String, throughScreen: Bool) -> [UInt8] {
        let request = Array("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}".utf8)
        guard throughScreen else { return request }
        return stride(from: 0, to: request.count, by: piece).flatMap { start in
            Array("\u{1B}P".utf8) + request[start..<min(start + piece, request.count)] + Array("\u{1B}\\".utf8)
        }
    }

    private static let piece = 512
}
