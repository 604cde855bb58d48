import Foundation

/// Where ONNX Runtime's library is on this computer: what the environment names, the system's folders, and installed
/// `onnxruntime` packages of Python. Nothing is run or opened.
public struct LibrarySearch: Sendable {
    /// The variable that names the library, or a folder with it.
    public static let variable = "SOTTO_ONNXRUNTIME"

    private let environment: [String: String]
    private let systemFolders: [String]

    /// - Parameter systemFolders: nil for the system's own.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, systemFolders: [String]? = nil
    ) {
        self.environment = environment
        self.systemFolders = systemFolders ?? Self.usualFolders
    }

    /// The paths of the libraries, the one to use first. Throws if the variable is set to something else.
    public func candidates() throws(ONNXRuntimeError) -> [String] {
        if let named = value(Self.variable) {
            if Self.isLibrary(named) { return [named] }
            let inside = [named] + ["lib", "capi", "onnxruntime/capi"].map { "\(named)/\($0)" }
            guard let found = inside.lazy.compactMap(library).first else {
                throw .notThere(variable: Self.variable, path: named)
            }
            return [found]
        }
        var seen: Set<String> = []
        return (libraryFolders + packageFolders).compactMap(library).filter { seen.insert($0).inserted }
    }

    /// Whether there is a library to try.
    public var isSuccessful: Bool { (try? candidates())?.isEmpty == false }

    // MARK: Folders

    private var libraryFolders: [String] {
        let paths = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].flatMap { folders(in: $0) }
        return paths + systemFolders
    }

    private static var usualFolders: [String] {
        #if os(macOS)
            ["/opt/homebrew/lib", "/usr/local/lib"]
        #else
            #if arch(arm64)
                let machine = "aarch64-linux-gnu"
            #else
                let machine = "x86_64-linux-gnu"
            #endif
            return ["/usr/local/lib", "/usr/lib/\(machine)", "/usr/lib64", "/usr/lib"]
        #endif
    }

    /// The folders with libraries of `onnxruntime` packages: in the active environment, in those whose programs are on the
    /// path, and in the user's own.
    private var packageFolders: [String] {
        let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap(value)
        let home = value("HOME").map { ["\($0)/.local"] } ?? []
        let onPath = folders(in: "PATH").filter { $0.hasSuffix("/bin") }.map { String($0.dropLast("/bin".count)) }
        let prefixes = (active + onPath + home).filter { $0.hasPrefix("/") }
        return prefixes.flatMap { prefix in
            ["\(prefix)/lib", "\(prefix)/local/lib", "\(prefix)/lib64"].flatMap { folder in
                names(in: folder).filter { $0.hasPrefix("python3") }.sorted(by: Self.isNewer).flatMap { python in
                    ["site-packages", "dist-packages"].map { "\(folder)/\(python)/\($0)/onnxruntime/capi" }
                }
            }
        }
    }

    /// The absolute folders in a variable with several.
    private func folders(in variable: String) -> [String] {
        (value(variable) ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
            .map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    private func value(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }

    // MARK: Files

    /// The newest library in a folder.
    private func library(in folder: String) -> String? {
        let found = names(in: folder).filter(Self.hasLibraryName).sorted(by: Self.isNewer)
        return found.map { "\(folder)/\($0)" }.first(where: Self.isLibrary)
    }

    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// `libonnxruntime.so`, `libonnxruntime.so.1.20.0`, `libonnxruntime.1.20.0.dylib`
    private static func hasLibraryName(_ name: String) -> Bool {
        name.wholeMatch(of: /libonnxruntime(\.so[.0-9]*|[.0-9]*\.dylib)/) != nil
    }

    /// Whether a path is that of a file, of whatever name.
    private static func isLibrary(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// Names with numbers: 3.11 comes before 3.9.
    private static func isNewer(_ one: String, _ other: String) -> Bool {
        one.compare(other, options: .numeric) == .orderedDescending
    }
}
