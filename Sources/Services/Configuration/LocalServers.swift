import HTTP
import JSON
import Synchronization

/// Finds model servers on this computer that nobody configured.
public enum LocalServers {
    /// Ollama, LM Studio, and where compatible servers usually are: vLLM and `trtllm-serve` (8000), llama-server (8080),
    /// Triton's front end (9000), Xinference (9931), SGLang (30000).
    private static let ports = [11434, 1234, 8000, 8080, 9000, 9931, 30000]

    /// Asked at the same time. Together they identify every kind of server.
    private static let questions = ["/api/version", "/api/v1/models", "/api/v0/models", "/v1/models"]

    /// How long a server may take to begin its answer, and to finish it.
    struct Patience: Sendable {
        var begin = Duration.milliseconds(300)
        var end = Duration.milliseconds(600)
    }

    private static let bodyLimit = 1 << 20

    /// Servers that answer at once on the usual ports. Nothing but this computer is contacted, wherever a server there
    /// may redirect to.
    ///
    /// - Parameter known: configured services; their ports are not asked, and their names not used.
    public static func find(known: [Service]) async -> [Service] {
        await find(known: known, ports: ports, patience: Patience())
    }

    static func find(known: [Service], ports: [Int], patience: Patience) async -> [Service] {
        let client = HTTPClient(HTTPClient.Options(isOffline: true))
        let covered = known.compactMap(\.origin).filter(\.isLoopback).map(\.port)
        let open = ports.filter { !covered.contains($0) }
        let answers = await withTaskGroup(of: (port: Int, answers: Answers).self) { group in
            for port in open { group.addTask { (port, await ask(port, client, patience)) } }
            return await group.reduce(into: [:]) { $0[$1.port] = $1.answers }
        }
        var names = Set(known.map(\.id))
        return open.compactMap { port in
            answers[port].flatMap { service(port: port, answers: $0, taken: &names) }
        }
    }

    // MARK: Asking

    /// JSON values by path.
    typealias Answers = [String: JSONValue]

    private static func ask(_ port: Int, _ client: HTTPClient, _ patience: Patience) async -> Answers {
        await withTaskGroup(of: (String, JSONValue?).self) { group in
            for path in questions {
                group.addTask { (path, await answer("http://127.0.0.1:\(port)\(path)", client, patience)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Nil unless the server answers in time with JSON.
    private static func answer(_ url: String, _ client: HTTPClient, _ patience: Patience) async -> JSONValue? {
        let limits = HTTPLimits(
            connect: patience.begin, firstByte: patience.begin, silence: patience.begin, bodyBytes: bodyLimit)
        let end = ContinuousClock.now + patience.end
        let answer = Mutex<(isSuccess: Bool, body: [UInt8])>((false, []))
        do {
            try await client.stream(HTTPRequest(url, limits: limits), isCancelled: { ContinuousClock.now > end }) {
                part in
                answer.withLock {
                    switch part {
                    case .head(let head): $0.isSuccess = head.status == 200
                    case .bytes(let bytes): $0.body += bytes
                    }
                }
            }
        } catch {
            return nil
        }
        let (isSuccess, body) = answer.withLock { $0 }
        return isSuccess ? try? JSONReader.read(body) : nil
    }

    // MARK: Recognising

    /// What a server's answers say it is; nil for everything that runs no models.
    ///
    /// - Parameter taken: names that are not free; the service's own is added.
    static func service(port: Int, answers: Answers, taken: inout Set<String>) -> Service? {
        guard let (kind, name) = identity(port: port, answers) else { return nil }
        let root = "http://127.0.0.1:\(port)"
        let id = taken.contains(name) ? "\(name)-\(port)" : name
        guard taken.insert(id).inserted else { return nil }
        return Service(id: id, kind: kind, baseURL: kind == .compatible ? root + "/v1" : root)
    }

    private static func identity(port: Int, _ answers: Answers) -> (kind: ServiceKind, name: String)? {
        if answers["/api/version"]?.object?["version"]?.string != nil { return (.ollama, "ollama") }
        if isLMStudio(answers) { return (.lmstudio, "lmstudio") }
        guard let models = answers["/v1/models"]?.object?["data"]?.array,
            models.allSatisfy({ $0.object?["id"]?.string != nil })
        else { return nil }
        let names = [
            "llamacpp": "llama-server", "vllm": "vllm", "sglang": "sglang", "tensorrt_llm": "trtllm",
        ]
        let owner = models.first?.object?["owned_by"]?.string ?? ""
        return (.compatible, names[owner] ?? "server-\(port)")
    }

    /// Its lists say of every model what nobody else's do. Other servers have a list at the first path, too.
    private static func isLMStudio(_ answers: Answers) -> Bool {
        if let models = answers["/api/v1/models"]?.object?["models"]?.array {
            return models.allSatisfy { $0.object?["key"]?.string != nil }
        }
        guard let models = answers["/api/v0/models"]?.object?["data"]?.array, !models.isEmpty else { return false }
        return models.allSatisfy { $0.object?["state"]?.string != nil }
    }
}
