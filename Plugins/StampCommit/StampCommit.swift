import Foundation
import PackagePlugin

/// Writes the commit that is checked out into a source file of the target, and again after every commit or checkout.
///
/// `Context.gitInformation` in the manifest would be simpler, but SwiftPM caches evaluated manifests, so it keeps
/// reporting the first commit.
@main
struct StampCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let package = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "Commit.swift")
        // Not inlined, so that a new commit leaves the module's interface as it is: only this target is compiled again.
        let script = """
            commit=$([ ! -e "$1/.git" ] || git -C "$1" -c safe.directory='*' rev-parse --short=7 HEAD 2>/dev/null)
            printf '@inline(never) func stampedCommit() -> String { "%s" }\\n' "$commit" >"$2"
            """
        return [
            .buildCommand(
                displayName: "Stamp commit", executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "sh", package.path, output.path],
                inputFiles: Self.reflog(of: package).map { [$0] } ?? [], outputFiles: [output])
        ]
    }

    /// The file to which git appends a line whenever HEAD changes; nil outside a repository.
    private static func reflog(of package: URL) -> URL? {
        var repository = package.appending(path: ".git")
        // In a linked worktree `.git` is a file that names the folder.
        if let text = try? String(contentsOf: repository, encoding: .utf8), text.hasPrefix("gitdir: ") {
            let path = text.dropFirst("gitdir: ".count).trimmingCharacters(in: .whitespacesAndNewlines)
            repository = URL(filePath: path, relativeTo: package)
        }
        let file = repository.appending(path: "logs/HEAD")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}
