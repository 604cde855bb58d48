import HTTP

/// Looks up the keys of services when they are first needed, and keeps them in memory.
public actor KeyRing {
    private let environment: [String: String]
    /// By command: what it printed, or will print.
    private var commands: [String: Task<Result<APIKey, KeyCommand.Failure>, Never>] = [:]

    public init(environment: [String: String]) { self.environment = environment }

    /// The key of a service; nil if it needs none. A command runs for up to 30 seconds, once.
    func key(of service: Service) async throws(ServiceError) -> APIKey? {
        guard service.key != .none else { return nil }
        guard service.origin?.isSafeForKeys != false else {
            throw .impossible(
                service: service.title, reason: "its address is not encrypted, so the key is not sent; use https://")
        }
        switch service.key {
        case .none: return nil
        case .literal(let key): return key
        case .environment(let variable):
            guard let key = environment[variable].flatMap(APIKey.init) else {
                throw .missingKey(service: service.title, hint: service.keyHint)
            }
            return key
        case .command(let command):
            do {
                return try await output(of: command).get()
            } catch {
                throw .missingKey(service: service.title, hint: "\(service.keyHint) (\(error))")
            }
        }
    }

    /// Two requests at the same time must not ask for the same password twice. A failure is forgotten, so that the next
    /// request tries again.
    private func output(of command: String) async -> Result<APIKey, KeyCommand.Failure> {
        let task =
            commands[command]
            ?? Task { [environment] in
                await KeyCommand(command: command, environment: environment).run()
            }
        commands[command] = task
        let result = await task.value
        if case .failure = result, commands[command] == task { commands[command] = nil }
        return result
    }
}
