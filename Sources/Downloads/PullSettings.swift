import Files
import Foundation
import HTTP

/// Which servers are asked, and with which token.
public struct PullSettings: Sendable {
    /// The hub's address without a slash at its end.
    public let hubEndpoint: String
    public let hubToken: HubToken?
    /// The address of Ollama's registry, or of its mirror, without a slash at its end.
    public let registryEndpoint: String
    /// Whether only this computer is contacted.
    public let isOffline: Bool

    /// From these variables, in which an empty text counts as not set:
    ///
    /// - `HF_ENDPOINT`: a mirror of the hub
    /// - `HF_TOKEN`, or else `HUGGING_FACE_HUB_TOKEN`; or else the file that Hugging Face's own programs keep:
    ///   `$HF_TOKEN_PATH`, by default `$HF_HOME/token`, by default `~/.cache/huggingface/token`
    /// - `SOTTO_OLLAMA_REGISTRY`: a mirror of Ollama's registry
    /// - `SOTTO_OFFLINE`
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        hubEndpoint = Self.endpoint(value("HF_ENDPOINT") ?? "https://huggingface.co")
        registryEndpoint = Self.endpoint(value("SOTTO_OLLAMA_REGISTRY") ?? "https://\(ModelAddress.ollamaHost)")
        isOffline = !["", "0"].contains(environment["SOTTO_OFFLINE"] ?? "")
        let named = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].lazy.compactMap { name in
            value(name).flatMap { HubToken($0, source: name) }
        }.first
        let home = value("HOME") ?? NSHomeDirectory()
        let cache = value("XDG_CACHE_HOME") ?? "\(home)/.cache"
        let file = value("HF_TOKEN_PATH") ?? "\(value("HF_HOME") ?? "\(cache)/huggingface")/token"
        hubToken = named ?? HubToken(file: file)
    }

    private static func endpoint(_ text: String) -> String {
        String(text.reversed().drop { $0 == "/" }.reversed())
    }
}

/// A token of the Hugging Face hub. It prints as dots.
public struct HubToken: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    private let secret: String
    /// Where it is from, for messages: the name of a variable or of a file.
    public let source: String

    /// Longer files hold something else.
    private static let fileLimit = 4096

    /// Nil for texts that no header can carry.
    init?(_ text: String, source: String) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        secret = trimmed
        self.source = source
    }

    /// Nil if there is no such file, or no token in it.
    init?(file: String) {
        guard let bytes = try? FileIO<PullError>.read(file, limit: Self.fileLimit) else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self), source: file)
    }

    /// The header that proves who the user is.
    var header: HTTPHeader { HTTPHeader("Authorization", "Bearer \(secret)") }

    public var description: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
