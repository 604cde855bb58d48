import Foundation

/// What says where the stores of this computer are: the environment, the user's home folder and the working folder.
public struct StoreLocations: Sendable {
    let environment: [String: String]
    let home: URL
    let workingFolder: URL
    /// The model folders of Ollama when it runs as a service of the system.
    let ollamaServices: [URL]

    /// Of this process.
    public static var current: StoreLocations {
        StoreLocations(
            environment: ProcessInfo.processInfo.environment,
            workingFolder: FileManager.default.currentDirectoryPath)
    }

    /// Ollama's installer gives its service the home folder /usr/share/ollama; the packages of Linux distributions use
    /// /var/lib/ollama, with the models in it or in a subfolder.
    public static let ollamaServiceFolders = [
        "/usr/share/ollama/.ollama/models", "/var/lib/ollama/.ollama/models", "/var/lib/ollama/models",
        "/var/lib/ollama",
    ]

    /// - Parameters:
    ///   - environment: the home folder is its `HOME`, else the one that the system names.
    ///   - workingFolder: an absolute path.
    public init(
        environment: [String: String], workingFolder: String,
        ollamaServices: [String] = StoreLocations.ollamaServiceFolders
    ) {
        self.environment = environment
        let named = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        home = named.map { URL(filePath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
        self.workingFolder = URL(filePath: workingFolder)
        self.ollamaServices = ollamaServices.map { URL(filePath: $0) }
    }

    /// The folder that a variable names; nil if it is unset or empty.
    func folder(_ variable: String) -> URL? {
        environment[variable].flatMap { $0.isEmpty ? nil : folder(at: $0) }
    }

    /// The folder with a path that users write: absolute, in the home folder ("~/…"), or in the working folder.
    func folder(at path: String) -> URL {
        if path == "~" { return home }
        if path.hasPrefix("~/") { return home.appending(path: path.dropFirst(2)) }
        return path.hasPrefix("/") ? URL(filePath: path) : workingFolder.appending(path: path)
    }
}

extension [URL] {
    /// Without the folders that are the same as an earlier one.
    var withoutRepetitions: [URL] {
        var seen: Set<String> = []
        return filter { seen.insert($0.resolvingSymlinksInPath().standardizedFileURL.path).inserted }
    }
}
