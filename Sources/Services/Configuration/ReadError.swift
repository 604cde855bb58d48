import Files

/// Why a file of the user's cannot be read, in one line.
enum ReadError: FileError, CustomStringConvertible {
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)

    var description: String {
        switch self {
        case .cannotRead(let path, let reason), .cannotWrite(let path, let reason): "\(path): \(reason)"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MB"
        }
    }
}
