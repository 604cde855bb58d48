import HTTP

/// The services that the user has: those everyone knows, at the addresses in the environment, then the user's own.
public enum ServiceList {
    /// Nothing is contacted. A service without a key is listed too: it says which one it needs when it is used.
    ///
    /// - Parameters:
    ///   - environment: `OPENAI_BASE_URL`, `OPENAI_API_KEY` and so on.
    ///   - file: its services follow the built-in ones; one with a built-in one's name takes that one's place.
    public static func services(environment: [String: String], file: ProvidersFile) -> [Service] {
        let builtIn = ServiceKind.allCases.filter { $0 != .compatible }
        let replaced = builtIn.map { kind in
            file.entries.first { $0.name == kind.rawValue }.map { service($0, environment) }
                ?? service(kind, environment)
        }
        let own = file.entries.filter { entry in !builtIn.contains { $0.rawValue == entry.name } }
        return replaced + own.map { service($0, environment) }
    }

    private static func service(_ kind: ServiceKind, _ environment: [String: String]) -> Service {
        let address = address(of: kind, environment)
        return Service(
            id: kind.rawValue, kind: kind, baseURL: address, key: key(of: kind, at: address, environment))
    }

    private static func service(_ entry: ProvidersFile.Entry, _ environment: [String: String]) -> Service {
        let address = entry.baseURL ?? address(of: entry.kind, environment)
        var service = Service(id: entry.name, kind: entry.kind, baseURL: address)
        if let key = entry.key {
            service.key = key
        } else if entry.baseURL == nil || entry.name == entry.kind.rawValue {
            // The usual key goes to the usual address, and to the one that the user gives to the service of that name.
            service.key = key(of: entry.kind, at: address, environment)
        }
        return service
    }

    private static func address(of kind: ServiceKind, _ environment: [String: String]) -> String {
        let address = kind.traits.address
        let named = address.variable.flatMap { BaseAddress.trimmed(environment[$0]) }
        return named.map(address.read) ?? address.usual
    }

    private static func key(of kind: ServiceKind, at address: String, _ environment: [String: String]) -> KeySource {
        switch kind.traits.key {
        case .none: return .none
        case .variable(let name): return .environment(name)
        case .ifSet(let name): return BaseAddress.trimmed(environment[name]) == nil ? .none : .environment(name)
        case .atHost(let wanted, let name):
            let host = HTTPOrigin(address)?.host ?? ""
            return host == wanted || host.hasSuffix(".\(wanted)") ? .environment(name) : .none
        }
    }
}
