import ChatApp
import Foundation

/// The entries of a folder, for completing paths.
enum FolderListing {
    /// More suggestions would not be helpful.
    private static let limit = 500

    /// The entries with the requested prefix, folders first; hidden ones only if the prefix begins with a dot. Empty if
    /// the folder cannot be read.
    static func entries(_ request: FolderRequest) -> [FolderEntry] {
        let folder = UserPath(request.folder.isEmpty ? "." : request.folder).absolute
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let prefix = request.prefix.lowercased()
        return names.filter { $0.lowercased().hasPrefix(prefix) && (!$0.hasPrefix(".") || prefix.hasPrefix(".")) }
            .sorted().prefix(limit).map { name in
                var status = stat()
                guard stat("\(folder)/\(name)", &status) == 0 else { return FolderEntry(name: name, isFolder: false) }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                return FolderEntry(name: name, isFolder: isFolder, byteCount: isFolder ? nil : Int(status.st_size))
            }
            .sorted { ($0.isFolder ? 0 : 1, $0.name) < ($1.isFolder ? 0 : 1, $1.name) }
    }
}
