import Foundation
import HTTP

/// Where a model is fetched from, as a user names it. Everything in it is safe to use in an address and in a path.
public enum ModelAddress: Sendable, Equatable {
    /// A repository on the Hugging Face hub.
    ///
    /// - Parameter quant: the format of the weights, or the path of a file; nil to choose what suits this computer.
    case huggingFace(owner: String, name: String, quant: String?)
    /// A model in a registry with Ollama's protocol.
    ///
    /// - Parameter host: with its port, if it has one; nil for Ollama's own registry.
    case ollama(host: String?, namespace: String, name: String, tag: String)
    /// An http or https address of one GGUF file.
    case file(url: String)
    /// The Python package with the default model.
    case package

    /// The forms that are understood, for messages.
    public static let forms =
        "hf.co/OWNER/NAME[:QUANT], ollama.com/NAME[:TAG], an http address of a .gguf file, or \"default\""

    /// Reads one of these forms, in which scheme, host and prefix may be in upper or lower case:
    ///
    /// - `hf:OWNER/NAME[:QUANT]`, also with `hf.co/` or `huggingface.co/` instead of `hf:`, and the hub's web addresses,
    ///   also those of a file (`…/resolve/main/FILE.gguf`, `…/blob/main/FILE.gguf`)
    /// - `ollama.com/[USER/]NAME[:TAG]`, also with `ollama:` or `registry.ollama.ai/` instead of `ollama.com/`, and
    ///   `ollama:HOST/USER/NAME[:TAG]` for another registry
    /// - another `http://` or `https://` address
    /// - `default`, or the default model's name
    ///
    /// - Throws: `.invalidAddress` for every other text.
    public init(_ text: String) throws(PullError) {
        guard let address = Self.parse(text) else {
            // Printable ASCII alone reaches the terminal.
            let shown = text.unicodeScalars.prefix(200).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
            throw .invalidAddress(String(shown))
        }
        self = address
    }

    private static func parse(_ text: String) -> ModelAddress? {
        let lower = text.lowercased()
        if lower == "default" || lower == DownloadableModel.standard.name.lowercased() { return .package }
        let scheme = ["https://", "http://"].first { lower.hasPrefix($0) } ?? ""
        let rest = text.dropFirst(scheme.count)
        // Other schemes than https name servers of the user's own.
        if scheme != "http://" {
            for prefix in ["hf.co/", "huggingface.co/", "www.huggingface.co/"] where rest.lowercased().hasPrefix(prefix)
            {
                return hub(rest.dropFirst(prefix.count), url: scheme.isEmpty ? nil : text)
            }
            for prefix in ["ollama.com/", "www.ollama.com/", "registry.ollama.ai/"]
            where rest.lowercased().hasPrefix(prefix) {
                return ollama(rest.dropFirst(prefix.count), mayNameHost: false)
            }
        }
        if !scheme.isEmpty { return HTTPOrigin(text) == nil ? nil : .file(url: text) }
        if lower.hasPrefix("hf:") { return hub(text.dropFirst(3), url: nil) }
        if lower.hasPrefix("ollama:") { return ollama(text.dropFirst(7), mayNameHost: true) }
        return nil
    }

    // MARK: Hugging Face

    /// - Parameter url: the whole text if it is a web address.
    private static func hub(_ text: Substring, url: String?) -> ModelAddress? {
        // A web address may have escaped characters in the name of a file.
        let bare = String(text.prefix { $0 != "?" && $0 != "#" })
        let path = url == nil ? text : Substring(bare.removingPercentEncoding ?? bare)
        let colon = path.firstIndex(of: ":")
        let parts = path[..<(colon ?? path.endIndex)].split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count >= 2, parts[..<2].allSatisfy(isName) else { return nil }
        var quant = colon.map { String(path[path.index(after: $0)...]) }
        if parts.count > 2 {
            guard quant == nil else { return nil }
            switch (parts[2], parts.count) {
            case ("tree", 4) where parts[3] == "main": break
            case ("resolve", 5...) where parts[3] == "main", ("blob", 5...) where parts[3] == "main":
                quant = parts[4...].joined(separator: "/")
            // A file of an older revision: exactly this one, instead of what the repository has now.
            case ("resolve", 5...): return url.map { .file(url: $0) }
            default: return nil
            }
        }
        if let quant, !isQuant(quant) { return nil }
        return .huggingFace(owner: String(parts[0]), name: String(parts[1]), quant: quant)
    }

    private static func isQuant(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x5C }
    }

    // MARK: Ollama

    private static func ollama(_ text: Substring, mayNameHost: Bool) -> ModelAddress? {
        var parts = text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/", omittingEmptySubsequences: false)
        var host: String?
        if mayNameHost, parts.count == 3 {
            let first = parts.removeFirst().lowercased()
            guard isHost(first) else { return nil }
            host = first == ollamaHost || first == "ollama.com" ? nil : first
        }
        guard (1...2).contains(parts.count), let last = parts.popLast() else { return nil }
        let pieces = last.split(separator: ":", omittingEmptySubsequences: false)
        let (name, tag) = (pieces[0], pieces.count > 1 ? pieces[1] : "latest")
        let namespace = parts.first ?? "library"
        guard pieces.count <= 2, [namespace, name, tag].allSatisfy(isName) else { return nil }
        return .ollama(host: host, namespace: String(namespace), name: String(name), tag: String(tag))
    }

    /// The host that stands for Ollama's own registry in its folders.
    static let ollamaHost = "registry.ollama.ai"

    /// A name with a dot or a port, or "localhost": anything else is a user.
    private static func isHost(_ text: String) -> Bool {
        guard text == "localhost" || text.contains(".") || text.contains(":"), !text.hasPrefix("."),
            text.utf8.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: ":") })
        else { return false }
        return HTTPOrigin("https://\(text)") != nil
    }

    // MARK: Names

    /// Whether a text can be the name of an owner, a repository, a model or a tag: up to 96 letters, digits, dots, hyphens
    /// and underscores, and no dot first.
    static func isName(_ text: some StringProtocol) -> Bool {
        (1...96).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte) && !text.hasPrefix(".")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._-".utf8.contains(byte)
        }
    }
}

extension ModelAddress: CustomStringConvertible {
    /// The whole address. Reading it gives the same value.
    public var description: String {
        switch self {
        case .huggingFace(let owner, let name, let quant):
            "hf.co/\(owner)/\(name)" + (quant.map { ":\($0)" } ?? "")
        case .ollama(nil, "library", let name, let tag): "ollama.com/\(name):\(tag)"
        case .ollama(nil, let namespace, let name, let tag): "ollama.com/\(namespace)/\(name):\(tag)"
        case .ollama(let host?, let namespace, let name, let tag): "ollama:\(host)/\(namespace)/\(name):\(tag)"
        case .file(let url): url
        case .package: "default"
        }
    }
}
