import Foundation

/// The user's folder, and the folder with the program's built-in files.
///
/// The user's folder is `$SOTTO_HOME`, else the checkout that the program is run from, else `$XDG_DATA_HOME/sotto`, by
/// default `~/.local/share/sotto`. The checkout is the one that contains the executable, else the one that contains the
/// working folder.
///
/// Built-in presets, themes and the welcome session are in that checkout. For an installed program they are in
/// `share/sotto` next to its `bin` folder.
public struct SottoHome: Sendable, Equatable {
    /// The user's folder. It may not exist yet.
    public let folder: String
    private let builtIn: BuiltIn?

    /// The folder with the built-in files.
    private enum BuiltIn: Equatable {
        case checkout(String)
        case installation(String)

        var folder: String {
            switch self {
            case .checkout(let folder), .installation(let folder): folder
            }
        }
    }

    public var sessions: String { "\(folder)/sessions" }
    /// The user's own presets. They have a folder of their own, because in a checkout the built-in ones are in `sessions`.
    public var presets: String { "\(sessions)/presets" }
    public var themes: String { "\(folder)/themes" }
    public var preferences: String { "\(folder)/preferences.json" }
    /// The messages that were sent.
    public var history: String { "\(folder)/history.jsonl" }
    public var models: String { "\(folder)/models" }
    /// Facts about model files, cached so that the files are not read again.
    public var fingerprints: String { "\(folder)/cache/fingerprints.json" }
    /// Measured speeds of models on this computer.
    public var speeds: String { "\(folder)/cache/speeds.json" }
    /// The chat templates that the user chose for models.
    public var templates: String { "\(folder)/chat-templates.json" }
    /// The services that the user has added, and where their keys are.
    public var providers: String { "\(folder)/providers.json" }
    /// The user's own prices of services' models, which win over the shipped ones.
    public var prices: String { "\(folder)/prices.json" }
    /// The fastest kernels on this computer.
    public var tuning: String { "\(folder)/cache/tuning.json" }

    /// The folder with the built-in files; nil if there are none.
    public var shipped: String? { builtIn?.folder }
    public var shippedPrices: String? { shipped.map { "\($0)/services/prices.json" } }
    public var shippedThemes: String? { shipped.map { "\($0)/themes" } }
    public var shippedPresets: String? {
        switch builtIn {
        case .checkout(let folder): "\(folder)/sessions"
        case .installation(let folder): "\(folder)/presets"
        case nil: nil
        }
    }
    /// The folder with the welcome session of an installed program. In a checkout that session is one of the user's.
    public var shippedSessions: String? {
        if case .installation(let folder) = builtIn { "\(folder)/sessions" } else { nil }
    }

    /// - Parameters:
    ///   - executable: the program's path, with symbolic links resolved.
    ///   - workingFolder: an absolute path.
    public init(environment: [String: String], executable: String, workingFolder: String) {
        let checkout = Self.checkout(containing: executable) ?? Self.checkout(containing: workingFolder)
        let prefix = URL(filePath: executable).deletingLastPathComponent().deletingLastPathComponent().path
        let installed = "\(prefix)/share/sotto"
        if let checkout {
            builtIn = .checkout(checkout)
        } else {
            builtIn = FileAccess.exists("\(installed)/presets") ? .installation(installed) : nil
        }
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

    /// The folders of the running program.
    public static var current: SottoHome {
        let executable = Bundle.main.executablePath ?? CommandLine.arguments.first ?? "sotto"
        return SottoHome(
            environment: ProcessInfo.processInfo.environment,
            executable: URL(filePath: executable).resolvingSymlinksInPath().path,
            workingFolder: FileManager.default.currentDirectoryPath)
    }

    /// The nearest folder at or above `path` that is a checkout of this program: it contains a package named sotto and a
    /// sessions folder.
    private static func checkout(containing path: String) -> String? {
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
