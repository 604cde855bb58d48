import Files

/// Why a file that `torch.save` wrote could not be used.
public enum TorchFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not a regular file, or an error of the operating system, with its message.
    case cannotMap(path: String, reason: String)
    /// The file as a whole.
    case archive(path: String, problem: String)
    /// The list of tensors in it, at a byte of that list.
    case pickle(path: String, offset: Int, problem: String)
    /// A tensor.
    case tensor(path: String, name: String, problem: String)

    public var description: String { "\(path): \(reason)".withoutControls }

    /// Without the path.
    public var reason: String {
        let text =
            switch self {
            case .cannotMap(_, let reason): reason
            case .archive(_, let problem): problem
            case .pickle(_, let offset, let problem): "data.pkl at byte \(offset): \(problem)"
            case .tensor(_, let name, let problem): "tensor \"\(name.prefix(200))\": \(problem)"
            }
        return text.withoutControls
    }

    private var path: String {
        switch self {
        case .cannotMap(let path, _), .archive(let path, _), .pickle(let path, _, _), .tensor(let path, _, _): path
        }
    }
}
