import Chat
import HTTP
import JSON

/// A model repository on the Hugging Face hub, as its API describes it.
struct HubRepository: Sendable {
    let requests: SourceRequests
    let owner: String
    let name: String

    struct Listing: Sendable {
        /// The commit that all files are fetched from, so that they belong together.
        var revision: String
        /// Whether the terms of use must be accepted first.
        var isGated: Bool
        var license: String?
        var files: [HubFile]
    }

    /// As messages name it.
    var text: String { "\(owner)/\(name)" }
    /// The page for people.
    var page: String { "\(requests.settings.hubEndpoint)/\(text)" }
    private var host: String { HTTPOrigin(requests.settings.hubEndpoint)?.text ?? "" }
    private var token: HubToken? { requests.settings.hubToken }

    /// Asks for the repository's files, with sizes and checksums.
    func listing() async throws(PullError) -> Listing {
        let endpoint = requests.settings.hubEndpoint
        guard HTTPOrigin(endpoint) != nil else { throw .invalidEndpoint(variable: "HF_ENDPOINT") }
        let url = "\(endpoint)/api/models/\(text)?blobs=true"
        let answer = try await requests.get(url, secretHeaders: requests.hubHeaders(for: url))
        switch answer.head.status {
        case 200: break
        // The hub does not tell strangers whether a repository is private or does not exist.
        case 401 where token == nil && !isGated(answer.head):
            throw .notFoundOrPrivate(text, host: host, near: await similarNames())
        case 404: throw .notFound(text, host: host, near: await similarNames())
        default: throw refusal(answer.head)
        }
        guard let fields = try requests.json(answer, from: host).object, let files = fields["siblings"]?.array else {
            throw .malformed(host: host, what: "it lists no files")
        }
        return Listing(
            revision: Self.revision(fields["sha"]?.string), isGated: Self.isGated(fields["gated"]),
            license: Self.license(fields), files: files.compactMap { HubFile($0) })
    }

    /// The address of a file's bytes.
    func url(of file: HubFile, revision: String) -> String {
        "\(requests.settings.hubEndpoint)/\(text)/resolve/\(revision)/\(URLText.path(file.path))"
    }

    /// What it means that the hub refuses a request.
    func refusal(_ head: HTTPHead) -> PullError {
        switch head.status {
        case 401, 403:
            if isGated(head) || head.status == 403 { return .gated(page: page, hasToken: token != nil) }
            return token.map { .tokenRefused(host: host, source: $0.source) } ?? .tokenNeeded(host: host)
        case 404: return .notFound(text, host: host, near: [])
        default: return .status(host: host, code: head.status)
        }
    }

    private func isGated(_ head: HTTPHead) -> Bool { head["x-error-code"] == "GatedRepo" }

    // MARK: Facts

    private static func revision(_ sha: String?) -> String {
        guard let sha, (40...64).contains(sha.utf8.count), sha.allSatisfy(\.isHexDigit) else { return "main" }
        return sha
    }

    /// false, or how access is granted ("auto", "manual").
    private static func isGated(_ value: JSONValue?) -> Bool { value?.bool ?? (value?.string != nil) }

    private static func license(_ fields: JSONObject) -> String? {
        let card = fields["cardData"]?.object
        let license = card?["license"]?.string ?? card?["license"]?.array?.first?.string
        let name = license == "other" ? card?["license_name"]?.string ?? license : license
        let tag = fields["tags"]?.array?.lazy.compactMap(\.string).first { $0.hasPrefix("license:") }
        return (name ?? tag.map { String($0.dropFirst("license:".count)) }).flatMap { PlainText.line($0) }
    }

    // MARK: Similar names

    /// Up to three repositories with GGUF files that the user may have meant. Asked without the token.
    private func similarNames() async -> [String] {
        let named = await search("search=\(URLText.escaped(name))")
        if !named.isEmpty { return Array(named.prefix(3)) }
        let others = await search("author=\(URLText.escaped(owner))")
        return Spelling.near(text, among: others)
    }

    private func search(_ query: String) async -> [String] {
        let url = "\(requests.settings.hubEndpoint)/api/models?\(query)&filter=gguf&limit=50"
        guard let answer = try? await requests.get(url), answer.head.status == 200,
            let models = (try? JSONReader.read(answer.body))?.array
        else { return [] }
        return models.compactMap { $0.object?["id"]?.string }.filter { id in
            let parts = id.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { ModelAddress.isName($0) }
        }
    }
}
