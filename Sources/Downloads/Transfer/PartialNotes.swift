import Files
import JSON

/// What is known about a partial file, in a small JSON file next to it, so that a later try can go on where it ends.
struct PartialNotes: Equatable, Sendable {
    /// Without its query, which may contain a secret.
    var url: String
    /// The file's version on the server: a strong ETag, or else the date of its last change.
    var version: String?
    var sha256: String?
    var bytes: Int?

    private static let limit = 64 << 10

    init(url: String, version: String? = nil, sha256: String? = nil, bytes: Int? = nil) {
        self.url = String(url.prefix { $0 != "?" && $0 != "#" })
        self.version = version
        self.sha256 = sha256
        self.bytes = bytes
    }

    /// Nil if there is no such file, or if it is damaged.
    init?(file: String) {
        guard let content = try? FileIO<PullError>.read(file, limit: Self.limit),
            let fields = (try? JSONReader.read(content))?.object, let url = fields["url"]?.string
        else { return nil }
        self.init(
            url: url, version: fields["version"]?.string, sha256: fields["sha256"]?.string,
            bytes: fields["bytes"]?.integer)
    }

    func save(to file: String) throws(PullError) {
        var fields: JSONObject = ["url": .string(url)]
        fields["version"] = version.map { .string($0) }
        fields["sha256"] = sha256.map { .string($0) }
        fields["bytes"] = bytes.map { .integer($0) }
        try FileIO<PullError>.replace(file, with: Array(JSONWriter.pretty(.object(fields)).utf8))
    }

    /// Whether bytes with these notes belong to a file. Without a checksum only the server can say whether it still has
    /// the same file, and only if the version is known.
    func describe(_ file: RemoteFile) -> Bool {
        if let sha256 = file.sha256 { return self.sha256 == sha256 }
        return PartialNotes(url: file.url).url == url && version != nil && (file.bytes == nil || file.bytes == bytes)
    }
}
