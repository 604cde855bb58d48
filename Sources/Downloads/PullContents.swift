import Chat
import Foundation
import HTTP

/// What a source has to offer for an address.
struct PullContents: Sendable {
    /// Without `presentBytes`.
    var plan: PullPlan
    /// In the order in which they are fetched; no two have the same path.
    var files: [RemoteFile]
    /// A small file that is written last, when all others are complete.
    var manifest: Manifest?
    /// The model's name once it is here.
    var name: String

    struct Manifest: Sendable {
        /// Below the models folder.
        var path: String
        var bytes: [UInt8]
    }
}

/// A file to fetch, with everything that is known about it in advance.
struct RemoteFile: Sendable {
    var url: String
    /// Go only to the address's own server.
    var secretHeaders: [HTTPHeader] = []
    /// Where to put it below the models folder: names separated by slashes, each checked by `FileName`.
    var path: String
    /// Nil if the source does not say.
    var bytes: Int?
    /// 64 hexadecimal digits in lower case; nil if the source gives none.
    var sha256: String?
    /// Whether its first bytes must be those of a GGUF file.
    var isGGUF = true
    /// Whether another file of that name is left alone instead of being replaced.
    var keepsOther = false
    /// What it means that the server refuses it.
    var refusal: @Sendable (HTTPHead) -> PullError
    /// Answers a server that asks for authorization (status 401) with new secret headers; nil if there is no answer.
    var authorize: @Sendable (HTTPHead) async -> [HTTPHeader]? = { _ in nil }

    /// Of the server, for messages.
    var host: String { HTTPOrigin(url)?.text ?? "the server" }
    /// Without folders.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Names of files that come from outside.
enum FileName {
    /// In bytes; leaves room for what the names of partial files have in addition.
    private static let limit = 180

    /// Whether a name is safe: visible, without slashes, control and formatting characters, and not too long.
    static func isSafe(_ name: some StringProtocol) -> Bool {
        (1...limit).contains(name.utf8.count) && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\\")
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            }
    }

    static func isGGUF(_ name: some StringProtocol) -> Bool { name.lowercased().hasSuffix(".gguf") }
}

/// Text that comes from outside and is shown.
enum PlainText {
    /// The first line as printable ASCII, shortened to 80 characters; nil if nothing is left.
    static func line(_ text: String) -> String? {
        let line = text.split(whereSeparator: \.isNewline).lazy.map { line in
            line.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(80)
        }.map { String(String.UnicodeScalarView($0)).trimmingCharacters(in: .whitespaces) }
        return line.first { !$0.isEmpty }
    }
}
