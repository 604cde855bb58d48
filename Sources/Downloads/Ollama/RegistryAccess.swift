import HTTP
import JSON
import Synchronization

/// The anonymous token that some registries ask for before they answer (the token protocol of Docker's registry).
final class RegistryAccess: Sendable {
    private let requests: SourceRequests
    private let registry: String
    /// The last token, as a header for the registry only.
    private let current = Mutex<[HTTPHeader]>([])

    private static let tokenLimit = 16 << 10

    /// - Parameter registry: its address.
    init(_ registry: String, requests: SourceRequests) {
        self.registry = registry
        self.requests = requests
    }

    var headers: [HTTPHeader] { current.withLock { $0 } }

    /// Asks for a token where a refusal says that there is one; nil if it says nothing of the kind.
    func headers(after refusal: HTTPHead) async -> [HTTPHeader]? {
        guard let challenge = Challenge(refusal["www-authenticate"] ?? ""), let url = url(of: challenge),
            let answer = try? await requests.get(url, limit: Self.tokenLimit), answer.head.status == 200,
            let fields = (try? JSONReader.read(answer.body))?.object,
            let token = fields["token"]?.string ?? fields["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        let headers = [HTTPHeader("Authorization", "Bearer \(token)")]
        current.withLock { $0 = headers }
        return headers
    }

    /// Encrypted, or on the registry's own server.
    private func url(of challenge: Challenge) -> String? {
        guard let origin = HTTPOrigin(challenge.realm), origin.scheme == "https" || origin == HTTPOrigin(registry)
        else { return nil }
        let query = [("service", challenge.service), ("scope", challenge.scope)].compactMap { name, value in
            value.map { "\(name)=\(URLText.escaped($0))" }
        }
        let separator = challenge.realm.contains("?") ? "&" : "?"
        return challenge.realm + (query.isEmpty ? "" : separator + query.joined(separator: "&"))
    }
}

/// The header in which a server says where tokens are, such as `Bearer realm="https://…",service="…",scope="…"`.
struct Challenge: Equatable {
    var realm: String
    var service: String?
    var scope: String?

    /// Nil for every other kind of challenge.
    init?(_ text: String) {
        guard text.lowercased().hasPrefix("bearer ") else { return nil }
        var fields: [String: String] = [:]
        for match in text.dropFirst("bearer ".count).matches(of: /([a-zA-Z_]+)="([^"]*)"/) {
            fields[match.1.lowercased()] = String(match.2)
        }
        guard let realm = fields["realm"], !realm.isEmpty else { return nil }
        self.realm = realm
        service = fields["service"]
        scope = fields["scope"]
    }
}
