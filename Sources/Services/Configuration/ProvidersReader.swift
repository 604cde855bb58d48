import Chat
import HTTP
import JSON

/// Reads the text of `providers.json` and collects problems with line numbers. No problem repeats what could be a key.
struct ProvidersReader {
    private(set) var file = ProvidersFile()
    private(set) var problems: [(line: Int, message: String)] = []
    /// Whether a key is written in the file, even with a provider that cannot be used.
    private(set) var hasLiteralKey = false

    /// More is a mistake.
    private static let entryLimit = 100

    mutating func read(_ text: String) {
        let (root, errors) = JSONReader.readLeniently(text)
        problems = errors.map { ($0.line, "invalid JSON: expected \($0.expected)") }
        if let list = root.array {
            read(list, line: 1)
        } else if let fields = root.object {
            readRoot(fields)
        } else if errors.isEmpty {
            add(1, "must be an object with a list of providers")
        }
        problems.sort { $0.line < $1.line }
    }

    private mutating func readRoot(_ fields: JSONObject) {
        for field in fields {
            switch field.name {
            case "offline":
                // Whatever else it means, somebody wanted it to be on.
                file.isOffline = field.value.bool ?? !field.value.isNull
                if field.value.bool == nil { add(field, "\"offline\" must be true or false") }
            case "providers":
                if let list = field.value.array {
                    read(list, line: field.line ?? 1)
                } else {
                    add(field, "\"providers\" must be a list")
                }
            default: add(field, "unknown field \"\(shown(field.name))\". Fields: providers, offline")
            }
        }
    }

    private mutating func read(_ list: [JSONValue], line: Int) {
        if list.count > Self.entryLimit { add(line, "only the first \(Self.entryLimit) providers are used") }
        for value in list.prefix(Self.entryLimit) {
            guard let fields = value.object else {
                add(line, "a provider must be an object with name, type, baseURL and key")
                continue
            }
            if let entry = entry(fields, line: fields.line ?? line) { file.entries.append(entry) }
        }
    }

    /// Nil with a problem if the provider cannot be used.
    private mutating func entry(_ fields: JSONObject, line: Int) -> ProvidersFile.Entry? {
        if fields["key"]?.string != nil { hasLiteralKey = true }
        for field in fields where !["name", "type", "baseURL", "key"].contains(field.name) {
            add(field, "unknown field \"\(shown(field.name))\". Fields: name, type, baseURL, key")
        }
        guard let name = name(fields.field("name"), line), let kind = kind(fields.field("type"), name, line) else {
            return nil
        }
        var entry = ProvidersFile.Entry(name: name, kind: kind)
        if let field = fields.field("baseURL"), !field.value.isNull {
            guard let address = address(field) else { return nil }
            entry.baseURL = address
        } else if kind == .compatible {
            add(line, "\"\(name)\" needs a baseURL, such as \"http://127.0.0.1:8000/v1\"")
            return nil
        }
        if let field = fields.field("key"), !field.value.isNull {
            guard let key = key(field) else { return nil }
            entry.key = key
            if let address = entry.baseURL, HTTPOrigin(address)?.isSafeForKeys == false {
                add(field, "\"\(name)\" would send its key unencrypted; use an https:// address")
                return nil
            }
        }
        return entry
    }

    private mutating func name(_ field: JSONObject.Field?, _ line: Int) -> String? {
        let rule = "a name of up to 32 letters, digits, - and _"
        guard let field, let name = field.value.string else {
            add(field?.line ?? line, "a provider needs \(rule)")
            return nil
        }
        let isValid =
            (1...32).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_")
            }
        guard isValid else {
            add(field, "\"\(shown(name))\" cannot be a provider's name: use \(rule)")
            return nil
        }
        guard name != "local" else {
            add(field, "\"local\" is the engine in this program; use another name")
            return nil
        }
        guard !file.entries.contains(where: { $0.name == name }) else {
            add(field, "there are two providers called \"\(name)\"; the second is ignored")
            return nil
        }
        return name
    }

    private mutating func kind(_ field: JSONObject.Field?, _ name: String, _ line: Int) -> ServiceKind? {
        let known = ServiceKind.allCases.map(\.rawValue)
        let types = "Types: \(known.joined(separator: ", "))"
        guard let field else {
            if let kind = ServiceKind(rawValue: name) { return kind }
            add(line, "\"\(name)\" needs a type. \(types)")
            return nil
        }
        if let kind = field.value.string.flatMap(ServiceKind.init) { return kind }
        let near = Spelling.near(field.value.string ?? "", among: known).first
        let hint = near.map { "Did you mean \"\($0)\"?" } ?? types
        add(field, "unknown type \"\(shown(field.value.string ?? JSONWriter.compact(field.value)))\". \(hint)")
        return nil
    }

    private mutating func address(_ field: JSONObject.Field) -> String? {
        guard let address = field.value.string.flatMap(BaseAddress.trimmed), HTTPOrigin(address) != nil,
            !address.contains("?"), !address.contains("#")
        else {
            add(field, "baseURL must be an address like \"https://example.com/v1\", without user name and query")
            return nil
        }
        return address
    }

    private mutating func key(_ field: JSONObject.Field) -> KeySource? {
        if let text = field.value.string {
            if let key = APIKey(text) { return .literal(key) }
            add(field, "the key contains characters that no key can have")
            return nil
        }
        if let source = field.value.object, source.count(where: { _ in true }) == 1 {
            if let variable = source["env"]?.string, Self.isVariable(variable) { return .environment(variable) }
            if let command = source["command"]?.string, !command.isEmpty, !command.contains("\0") {
                return .command(command)
            }
        }
        add(field, "a key must be {\"env\": \"VARIABLE\"}, {\"command\": \"…\"} or the key itself")
        return nil
    }

    /// A name that a shell can set.
    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 128 else { return false }
        func isLetter(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
        }
        return isLetter(first) && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    // MARK: Problems

    private mutating func add(_ field: JSONObject.Field, _ message: String) { add(field.line ?? 1, message) }

    private mutating func add(_ line: Int, _ message: String) { problems.append((line, message)) }

    /// A text from the file as part of a line.
    private func shown(_ text: String) -> String { String(ServiceError.line(text).prefix(60)) }
}

extension JSONObject {
    /// The line of the first field.
    fileprivate var line: Int? { first { _ in true }?.line }
}
