import Foundation

/// Where the program keeps what is the person's, and where it finds what came with it.
///
/// The person's folder is `$SOTTO_HOME`, else the checkout that the program is run from, else `$XDG_DATA_HOME/sotto`,
/// by default `~/.local/share/sotto`. A checkout is one the program was built in (wherever it is called from), or the
/// one that the working folder lies in.
///
/// Shipped presets and themes come from that checkout, and for an installed program from `share/sotto` beside its
/// `bin`.
public struct SottoHome: Sendable, Equatable {
    /// The person's folder. It need not be there yet.
    public let folder: String
    /// Where the shipped files are; nil where the program came without.
    public let shipped: String?

    /// The person's sessions.
    public var sessions: String { "\(folder)/sessions" }
    /// The person's own presets: apart from the shipped ones, which in a checkout are under version control.
    public var presets: String { "\(sessions)/presets" }
    public var themes: String { "\(folder)/themes" }
    public var models: String { "\(folder)/models" }
    /// What is remembered of model files so that they need not be read again.
    public var fingerprints: String { "\(folder)/cache/fingerprints.json" }
    /// How fast models were on this computer.
    public var speeds: String { "\(folder)/cache/speeds.json" }
    public var shippedPresets: String? { shipped.map { "\($0)/sessions" } }
    public var shippedThemes: String? { shipped.map { "\($0)/themes" } }

    /// - Parameters:
    ///   - executable: the program's own path, links resolved.
    ///   - workingFolder: an absolute path.
    public init(environment: [String: String], executable: String, workingFolder: String) {
        let checkout = Self.checkout(above: executable) ?? Self.checkout(above: workingFolder)
        let prefix = URL(filePath: executable).deletingLastPathComponent().deletingLastPathComponent().path
        let installed = "\(prefix)/share/sotto"
        shipped = checkout ?? (FileAccess.exists("\(installed)/sessions") ? installed : nil)
        if let home = Self.path(environment["SOTTO_HOME"], in: workingFolder) {
            folder = home
        } else if let checkout {
            folder = checkout
        } else {
            let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
            let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share"
            folder = "\(data)/sotto"
        }
    }

    /// For the program that is running.
    public static var current: SottoHome {
        let executable = Bundle.main.executablePath ?? CommandLine.arguments.first ?? "sotto"
        return SottoHome(
            environment: ProcessInfo.processInfo.environment,
            executable: URL(filePath: executable).resolvingSymlinksInPath().path,
            workingFolder: FileManager.default.currentDirectoryPath)
    }

    /// The nearest folder above `path`, or itself, that is a checkout of this program: a package named sotto beside a
    /// sessions folder.
    private static func checkout(above path: String) -> String? {
        var folder = URL(filePath: path).standardizedFileURL
        while true {
            let manifest = folder.appending(path: "Package.swift").path
            if FileAccess.exists(folder.appending(path: "sessions").path),
                let text = try? FileAccess.read(manifest),
                String(decoding: text, as: UTF8.self).contains("name: \"sotto\"")
            {
                return folder.path
            }
            let parent = folder.deletingLastPathComponent()
            guard parent.path != folder.path, folder.path != "/" else { return nil }
            folder = parent
        }
    }

    private static func path(_ text: String?, in folder: String) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text.hasPrefix("/") ? text : "\(folder)/\(text)"
    }
}
