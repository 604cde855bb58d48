/// Looks up the keys of services when they are first needed, and keeps them in memory.
public actor KeyRing {
    private let environment: [String: String]
    private var known: [String: APIKey] = [:]

    public init(environment: [String: String]) { self.environment = environment }

    /// The key of a service; nil if it needs none.
    func key(of service: Service) throws(ServiceError) -> APIKey? {
        switch service.key {
        case .none: return nil
        case .literal(let key): return key
        case .environment(let variable):
            guard let key = environment[variable].flatMap(APIKey.init) else {
                throw .missingKey(service: service.title, hint: service.keyHint)
            }
            return key
        case .command: throw .missingKey(service: service.title, hint: service.keyHint)
        }
    }
}
