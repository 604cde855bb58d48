import Files

/// What this program last read from a session's file, or wrote to it.
struct KnownFile: Sendable {
    private let version: FileVersion?
    private let digest: String

    /// - Parameter version: of the file with these bytes; nil if it is not known.
    init(_ bytes: [UInt8], version: FileVersion?) {
        var hash = SHA256()
        hash.update(bytes)
        digest = hash.finish()
        self.version = version
    }

    /// The file's content if another program has changed it; nil if it has not, or if the file is gone.
    func foreignContent(of path: String) throws(SessionError) -> [UInt8]? {
        guard let found = FileVersion(of: path), found != version else { return nil }
        let bytes = try FileAccess.read(path)
        // A backup or a version control system may have written the same content again.
        return KnownFile(bytes, version: nil).digest == digest ? nil : bytes
    }
}
