/// What this build of the program is.
public enum BuildInfo {
    /// The version number, as in CHANGELOG.md.
    public static let version = "0.1.0"

    /// The first digits of the commit that was checked out when the program was built; nil if it was built outside a git
    /// repository.
    @inline(never)
    public static func commit() -> String? {
        let commit = stampedCommit()
        return commit.isEmpty ? nil : commit
    }
}
