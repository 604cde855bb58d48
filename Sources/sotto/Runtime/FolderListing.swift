import ChatApp
import Foundation

/// What lies in a folder, for completing paths.
enum FolderListing {
    /// More candidates than this help nobody.
    private static let limit = 500

    /// The entries that begin as asked, folders first; hidden ones only where asked for. None where the folder cannot be
    /// read.
    static func entries(_ request: FolderRequest) -> [FolderEntry] {
        let folder = PersonsPath(request.folder.isEmpty ? "." : request.folder).absolute
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let wanted = request.prefix.lowercased()
        return names.filter { $0.lowercased().hasPrefix(wanted) && (!$0.hasPrefix(".") || wanted.hasPrefix(".")) }
            .sorted().prefix(limit).map { name in
                var status = stat()
                guard stat("\(folder)/\(name)", &status) == 0 else { return FolderEntry(name: name, isFolder: false) }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                return FolderEntry(name: name, isFolder: isFolder, byteCount: isFolder ? nil : Int(status.st_size))
            }
            .sorted { ($0.isFolder ? 0 : 1, $0.name) < ($1.isFolder ? 0 : 1, $1.name) }
    }
}
