import JSON

/// A file in a repository.
struct HubFile: Sendable, Equatable {
    /// With its folders, separated by slashes. Every part is safe.
    var path: String
    var bytes: Int
    /// Nil for files that are not in large file storage.
    var sha256: String?

    init(path: String, bytes: Int, sha256: String? = nil) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// An entry of the API's list; nil if it has no size, or a name that is not safe.
    init?(_ entry: JSONValue) {
        guard let fields = entry.object, let path = fields["rfilename"]?.string, path.utf8.count <= 1000,
            path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ FileName.isSafe($0) }),
            let bytes = fields["lfs"]?.object?["size"]?.integer ?? fields["size"]?.integer, Self.sizes.contains(bytes)
        else { return nil }
        self.path = path
        self.bytes = bytes
        let digest = fields["lfs"]?.object?["sha256"]?.string?.lowercased()
        sha256 = digest.flatMap { Digest.isSHA256($0) ? $0 : nil }
    }

    /// Bytes that a file may have: up to 16 TB, so that sums stay in range.
    private static let sizes = 0...16_000_000_000_000

    /// Without folders.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

enum Digest {
    /// Whether a text is 64 hexadecimal digits in lower case.
    static func isSHA256(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                default: false
                }
            }
    }
}
