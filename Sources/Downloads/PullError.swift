import Chat
import Files
import HTTP

/// Why a model was not fetched, in one line that also says what to do.
///
/// No text contains a token or an address's query. Names in it were checked: they contain nothing that a terminal would
/// act on.
public enum PullError: Error, Equatable, Sendable, FileError {
    case invalidAddress(String)
    /// An environment variable with the address of a server is not an http or https address.
    case invalidEndpoint(variable: String)
    case offline(host: String)
    /// No whole response. The error says why, and names the host.
    case network(HTTPError)
    /// A status that has no meaning of its own here.
    case status(host: String, code: Int)
    /// A response that is not what the protocol says.
    case malformed(host: String, what: String)

    case notFound(String, host: String, near: [String])
    /// The server does not say whether there is no such repository or whether it is private.
    case notFoundOrPrivate(String, host: String, near: [String])
    case tokenNeeded(host: String)
    /// - Parameter source: where the token is from, such as "HF_TOKEN".
    case tokenRefused(host: String, source: String)
    /// The page is where the terms are accepted.
    case gated(page: String, hasToken: Bool)
    case signInNeeded(host: String)

    case noGGUF(String, hasSafetensors: Bool)
    case unknownQuantization(String, known: [String])
    case tooLargeForMemory(smallest: String, needed: Int, memory: Int)

    case notAModel(host: String, isWebPage: Bool)
    case noFileName
    case wrongLength(file: String, host: String, expected: Int, announced: Int)
    case wrongChecksum(file: String, host: String)
    /// The bytes changed while they were fetched, and again on a second try.
    case changed(file: String, host: String)

    case busy(file: String)
    case exists(path: String)
    case notEnoughDisk(folder: String, needed: Int, free: Int)
    /// What has arrived stays.
    case diskFull(folder: String)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    case package(DownloadError)
    case cancelled
}

extension PullError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidAddress, .invalidEndpoint, .offline, .network, .status, .malformed: connectionText
        case .notFound, .notFoundOrPrivate, .tokenNeeded, .tokenRefused, .gated, .signInNeeded: accessText
        case .noGGUF, .unknownQuantization, .tooLargeForMemory: choiceText
        case .notAModel, .noFileName, .wrongLength, .wrongChecksum, .changed: contentText
        case .busy, .exists, .notEnoughDisk, .diskFull, .cannotRead, .cannotWrite, .tooLarge: diskText
        case .package(let error): error.description
        case .cancelled: "Stopped"
        }
    }

    private var connectionText: String {
        switch self {
        case .invalidAddress(let text):
            "\"\(text)\" is not a model's address. Use \(ModelAddress.forms)"
        case .invalidEndpoint(let variable):
            "\(variable) is not a server's address. It looks like https://example.com"
        case .offline(let host): "\(host) is not contacted in offline mode. Turn it off to download"
        case .network(let error): error.description
        case .status(let host, let code): "\(host) answered with status \(code). Try again later"
        case .malformed(let host, let what): "The answer of \(host) cannot be used: \(what)"
        default: ""
        }
    }

    private var accessText: String {
        switch self {
        case .notFound(let name, let host, let near): "\(host) has no \(name).\(Self.suggestion(near))"
        case .notFoundOrPrivate(let name, let host, let near):
            "\(host) has no \(name), or it is private: set HF_TOKEN then.\(Self.suggestion(near))"
        case .tokenNeeded(let host): "\(host) asks for a token. Create one there and set HF_TOKEN"
        case .tokenRefused(let host, let source): "\(host) refused the token in \(source). Check it, or create another"
        case .gated(let page, true): "Access is restricted. Accept the terms at \(page) with the account of your token"
        case .gated(let page, false): "Access is restricted. Accept the terms at \(page), and set HF_TOKEN"
        case .signInNeeded(let host): "\(host) gives this model only to users who have signed in"
        default: ""
        }
    }

    private var choiceText: String {
        switch self {
        case .noGGUF(let name, true):
            "\(name) has no GGUF files, only safetensors. Look for a repository of the same model with GGUF in its name"
        case .noGGUF(let name, false): "\(name) has no complete GGUF model"
        case .unknownQuantization(let name, let known):
            "There is no \(name). Available: \(known.joined(separator: ", "))"
        case .tooLargeForMemory(let smallest, let needed, let memory):
            "Nothing fits this computer's \(ByteText.size(memory)) of memory: "
                + "the smallest, \(smallest), needs \(ByteText.size(needed))"
        default: ""
        }
    }

    private var contentText: String {
        switch self {
        case .notAModel(let host, true): "\(host) sent a web page instead of a model. Check the address"
        case .notAModel(let host, false): "What \(host) sent is not a GGUF file. Check the address"
        case .noFileName: "The address names no file that ends in .gguf"
        case .wrongLength(let file, let host, let expected, let announced):
            "\(host) sent \(announced) bytes for \(file), which has \(expected). Try again later"
        case .wrongChecksum(let file, let host):
            "What \(host) sent for \(file) is damaged (wrong checksum) and was removed. Try again"
        case .changed(let file, let host): "\(file) changes on \(host) while it is downloaded. Try again later"
        default: ""
        }
    }

    private var diskText: String {
        switch self {
        case .busy(let file): "\(file) is being downloaded by another Sotto"
        case .exists(let path): "\(path) already exists. Rename or remove it first"
        case .notEnoughDisk(let folder, let needed, let free):
            "The download needs \(ByteText.size(needed)) of disk, and \(folder) has \(ByteText.size(free)) free"
        case .diskFull(let folder):
            "The disk of \(folder) is full. Free some space and try again: the download goes on where it stopped"
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MiB"
        default: ""
        }
    }

    private static func suggestion(_ near: [String]) -> String {
        near.isEmpty ? " Check its spelling" : " Similar: \(near.joined(separator: ", "))"
    }
}

extension PullError {
    /// An error of the HTTP client.
    init(_ error: HTTPError) {
        switch error {
        case .offline(let host): self = .offline(host: host)
        case .cancelled: self = .cancelled
        default: self = .network(error)
        }
    }
}
