import Foundation
import Testing

@testable import Services

@Suite struct ProvidersFileTests {
    @Test func everyFormOfKeyIsRead() {
        let (file, problems) = read(
            """
            { "offline": true, "providers": [
              { "name": "a", "type": "openai-compatible", "baseURL": "http://127.0.0.1:8000/v1/", "key": {"env": "A_KEY"} },
              { "name": "b", "type": "anthropic", "key": {"command": "pass show b"} },
              { "name": "c-1_X", "type": "ollama", "baseURL": "https://c.example", "key": "sk-secret" } ] }
            """)
        #expect(problems == [])
        #expect(file.isOffline)
        #expect(file.entries.map(\.name) == ["a", "b", "c-1_X"])
        #expect(file.entries.map(\.kind) == [.compatible, .anthropic, .ollama])
        #expect(file.entries.map(\.baseURL) == ["http://127.0.0.1:8000/v1", nil, "https://c.example"])
        #expect(file.entries[0].key == .environment("A_KEY"))
        #expect(file.entries[1].key == .command("pass show b"))
        #expect(file.entries[2].key == APIKey("sk-secret").map { .literal($0) })
    }

    @Test(arguments: [
        (#""name": "a b", "type": "openai""#, "3: \"a b\" cannot be a provider's name"),
        (#""name": "local", "type": "openai""#, "3: \"local\" is the engine"),
        (#""name": "é", "type": "openai""#, "3: \"é\" cannot be a provider's name"),
        (#""name": "a", "type": "compatible""#, "3: unknown type \"compatible\". Did you mean \"openai-compatible\"?"),
        (#""name": "a", "type": "olama""#, "3: unknown type \"olama\". Did you mean \"ollama\"?"),
        (#""name": "a", "type": 3"#, "3: unknown type \"3\". Types: openai, anthropic"),
        (#""name": "a""#, "3: \"a\" needs a type"),
        (#""type": "openai""#, "3: a provider needs a name"),
        (#""name": "a", "type": "openai-compatible""#, "3: \"a\" needs a baseURL"),
        (#""name": "a", "type": "openai", "baseURL": "ftp://x""#, "3: baseURL must be an address"),
        (#""name": "a", "type": "openai", "baseURL": "https://u:p@x/v1""#, "3: baseURL must be an address"),
        (#""name": "a", "type": "openai", "baseURL": "https://x/v1?key=1""#, "3: baseURL must be an address"),
        (#""name": "a", "type": "openai", "key": 7"#, "3: a key must be"),
        (#""name": "a", "type": "openai", "key": {"env": "sk-proj-1"}"#, "3: a key must be"),
        (#""name": "a", "type": "openai", "key": {"env": "A", "command": "b"}"#, "3: a key must be"),
        (#""name": "a", "type": "openai", "key": "sk secret""#, "3: the key contains characters"),
        (
            #""name": "a", "type": "openai", "baseURL": "http://api.example/v1", "key": {"env": "K"}"#,
            "3: \"a\" would send its key unencrypted"
        ),
    ])
    func mistakesAreNamedWithTheirLine(fields: String, problem: String) {
        let (file, problems) = read("[\n{\n\(fields)\n},\n{\"name\": \"good\", \"type\": \"openai\"}]")
        #expect(file.entries.map(\.name) == ["good"])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(problem) == true, "\(problems)")
        #expect(!"\(problems)".contains("sk"), "a key is repeated")
    }

    @Test func whatIsWrongAroundProvidersIsReported() {
        #expect(read("3").problems == ["1: must be an object with a list of providers"])
        #expect(read("{\"providers\": 3}").problems == ["1: \"providers\" must be a list"])
        #expect(read("{\"prices\": 3}").problems.first?.hasPrefix("1: unknown field \"prices\"") == true)
        #expect(read("[\n3]").problems.count == 1)
        let twice = read(#"[{"name": "a", "type": "openai"}, {"name": "a", "type": "mistral"}]"#)
        #expect(twice.file.entries.map(\.kind) == [.openai])
        #expect(twice.problems.count == 1)
        let extra = read(#"[{"name": "a", "type": "openai", "models": []}]"#)
        #expect(extra.file.entries.count == 1)
        #expect(extra.problems.count == 1)
    }

    @Test func brokenJSONKeepsTheRest() {
        let (file, problems) = read("{\"providers\": [\n{\"name\": \"a\", \"type\": \"openai\",}\n]")
        #expect(file.entries.map(\.name) == ["a"])
        #expect(!problems.isEmpty)
        #expect(problems.allSatisfy { $0.contains("invalid JSON: expected") })
    }

    /// A wish to stay offline counts even if it is written wrongly.
    @Test func offlineIsOnWhateverItIsSetTo() {
        #expect(!read("{\"offline\": false}").file.isOffline)
        #expect(read("{\"offline\": \"yes\"}").file.isOffline)
        #expect(read("{\"offline\": \"yes\"}").problems.count == 1)
    }

    @Test(arguments: [
        ("http://127.0.0.1:1", true), ("http://10.1.2.3", true), ("http://172.16.0.1", true),
        ("http://172.32.0.1", false),
        ("http://192.168.1.1", true), ("http://192.169.1.1", false), ("http://rack:8000", true),
        ("http://rack.local", true), ("http://rack.example", false), ("http://[fd00::1]:8000", true),
        ("http://[2001:db8::1]", false), ("https://api.example", true), ("http://10.example", false),
        ("http://local.example", false),
    ])
    func keysGoUnencryptedOnlyToTheLocalNetwork(address: String, isSafe: Bool) throws {
        #expect(Service(id: "a", kind: .compatible, baseURL: address).origin?.isSafeForKeys == isSafe)
    }

    // MARK: Files

    private func load(_ text: String, mode: Int) throws -> (file: ProvidersFile, problems: [String]) {
        let path = FileManager.default.temporaryDirectory.appending(path: "providers-\(UUID().uuidString).json").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let (file, problems) = ProvidersFile.load(path: path)
        return (file, problems.map { $0.replacing(path, with: "FILE") })
    }

    @Test func aFileWithAKeyThatOthersCanReadIsRefused() throws {
        let text = #"{"offline": true, "providers": [{"name": "a", "type": "openai", "key": "sk-secret"}]}"#
        for mode in [0o644, 0o640, 0o604, 0o606] {
            let (file, problems) = try load(text, mode: mode)
            #expect(file.entries == [])
            #expect(file.isOffline)
            #expect(problems == ["FILE contains a key and others can read it, so it is not used: chmod 600 FILE"])
        }
        #expect(try load(text, mode: 0o600).file.entries.count == 1)
        let harmless = #"[{"name": "a", "type": "openai", "key": {"env": "K"}}]"#
        #expect(try load(harmless, mode: 0o644).problems == [])
    }

    /// The key of a provider that is ignored is a key all the same.
    @Test func aKeyCountsEvenIfItsProviderIsWrong() throws {
        let text = #"[{"name": "a b", "key": "sk-secret"}, {"name": "c", "type": "openai"}]"#
        #expect(try load(text, mode: 0o644).file.entries == [])
    }

    @Test func aMissingFileIsEmptyAndAFolderIsAProblem() {
        let missing = ProvidersFile.load(path: "/nowhere/providers.json")
        #expect(missing.file == ProvidersFile())
        #expect(missing.problems == [])
        #expect(ProvidersFile.load(path: "/tmp").problems == ["/tmp: not a regular file"])
    }
}
