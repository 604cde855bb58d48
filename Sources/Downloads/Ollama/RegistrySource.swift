import Chat
import HTTP
import JSON

/// A model in a registry with Ollama's protocol. In the models folder it is laid out as in Ollama's own.
struct RegistrySource: Sendable {
    private let model: RegistryModel
    private let requests: SourceRequests
    private let address: ModelAddress
    private let memory: Int
    /// The registry's address.
    private let registry: String
    private let access: RegistryAccess

    private static let manifestType = "application/vnd.docker.distribution.manifest.v2+json"
    private static let manifestLimit = 1 << 20
    /// Blobs that are read for the plan: a description and a license, in bytes.
    private static let factLimit = 256 << 10

    init(_ model: RegistryModel, requests: SourceRequests, address: ModelAddress, memory: Int) {
        self.model = model
        self.requests = requests
        self.address = address
        self.memory = memory
        registry =
            model.host.map { host in
                let isHere = HTTPOrigin("http://\(host)")?.isLoopback == true
                return "\(isHere ? "http" : "https")://\(host)"
            } ?? requests.settings.registryEndpoint
        access = RegistryAccess(registry, requests: requests)
    }

    private var host: String { HTTPOrigin(registry)?.text ?? "" }

    func contents() async throws(PullError) -> PullContents {
        guard HTTPOrigin(registry) != nil else { throw .invalidEndpoint(variable: "SOTTO_OLLAMA_REGISTRY") }
        let manifest = try await manifest()
        guard let weights = manifest.model else {
            throw .malformed(host: host, what: "\(model.text) has no weights in GGUF")
        }
        let blobs = manifest.blobs
        let plan = PullPlan(
            address: "\(address)", format: await format(manifest), bytes: blobs.reduce(0) { $0 + $1.bytes },
            memoryBytes: MemoryEstimate.byteCount(fileBytes: weights.bytes), license: await license(manifest),
            note: MemoryEstimate.shortage(forFile: weights.bytes, memory: memory))
        return PullContents(
            plan: plan, files: blobs.map(file),
            manifest: .init(path: model.manifestPath, bytes: manifest.content), name: model.text)
    }

    private func file(_ layer: RegistryManifest.Layer) -> RemoteFile {
        RemoteFile(
            url: "\(registry)/\(model.apiPath)/blobs/\(layer.digest)", secretHeaders: access.headers,
            path: "blobs/sha256-\(layer.sha256)", bytes: layer.bytes, sha256: layer.sha256,
            isGGUF: layer.kind == "model", refusal: { [self] in refusal($0) },
            authorize: { [access] in await access.headers(after: $0) })
    }

    // MARK: Requests

    private func manifest() async throws(PullError) -> RegistryManifest {
        let answer = try await get("manifests/\(model.tag)", limit: Self.manifestLimit)
        switch answer.head.status {
        case 200: break
        case 404: throw .notFound(model.text, host: host, near: await tags())
        default: throw refusal(answer.head)
        }
        guard let manifest = RegistryManifest(answer.body) else {
            throw .malformed(host: host, what: "it is not the manifest of a model")
        }
        return manifest
    }

    /// An answer of the registry, with a token if it asks for one.
    private func get(_ path: String, limit: Int) async throws(PullError) -> HTTPResponse {
        let url = "\(registry)/\(model.apiPath)/\(path)"
        let accept = [HTTPHeader("Accept", Self.manifestType)]
        let answer = try await requests.get(url, headers: accept, secretHeaders: access.headers, limit: limit)
        guard answer.head.status == 401, let headers = await access.headers(after: answer.head) else { return answer }
        return try await requests.get(url, headers: accept, secretHeaders: headers, limit: limit)
    }

    private func refusal(_ head: HTTPHead) -> PullError {
        switch head.status {
        case 401, 403: .signInNeeded(host: host)
        case 404: .notFound(model.text, host: host, near: [])
        default: .status(host: host, code: head.status)
        }
    }

    /// Up to three of the model's tags, those like the user's first. Few registries list them.
    private func tags() async -> [String] {
        guard let answer = try? await get("tags/list", limit: Self.manifestLimit), answer.head.status == 200,
            let entries = (try? JSONReader.read(answer.body))?.object?["tags"]?.array
        else { return [] }
        let tags = entries.compactMap(\.string).filter { ModelAddress.isName($0) }
        let near = Spelling.near(model.tag, among: tags)
        return (near.isEmpty ? Array(tags.prefix(3)) : near).map { "\(model.name):\($0)" }
    }

    // MARK: Facts

    /// Such as "Q8_0", which the description of the weights says.
    private func format(_ manifest: RegistryManifest) async -> String? {
        guard let text = await fact(manifest.config),
            let type = (try? JSONReader.read(text))?.object?["file_type"]?.string
        else { return nil }
        return PlainText.line(type)
    }

    /// The first line of the license.
    private func license(_ manifest: RegistryManifest) async -> String? {
        await fact(manifest.layers.first { $0.kind == "license" }).flatMap {
            PlainText.line(String(decoding: $0, as: UTF8.self))
        }
    }

    /// A small blob; nil if there is none or if it cannot be had. The plan is complete enough without.
    private func fact(_ layer: RegistryManifest.Layer?) async -> [UInt8]? {
        guard let layer, layer.bytes <= Self.factLimit,
            let answer = try? await get("blobs/\(layer.digest)", limit: Self.factLimit), answer.head.status == 200
        else { return nil }
        return answer.body
    }
}
