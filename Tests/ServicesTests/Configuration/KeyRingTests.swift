import Foundation
import Testing

@testable import Services

@Suite struct KeyRingTests {
    private let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "A_KEY": "sk-a", "EMPTY": " ",
    ]

    private func service(_ key: KeySource, _ address: String = "https://api.example") -> Service {
        Service(id: "rack", kind: .compatible, baseURL: address, key: key)
    }

    private func key(_ key: KeySource, _ address: String = "https://api.example") async throws -> String? {
        try await KeyRing(environment: environment).key(of: service(key, address))?.secret
    }

    @Test func keysComeFromWhereTheServiceSays() async throws {
        #expect(try await key(.none) == nil)
        #expect(try await key(.environment("A_KEY")) == "sk-a")
        #expect(try await key(.literal(#require(APIKey("sk-b")))) == "sk-b")
        #expect(try await key(.command("echo sk-c; echo more")) == "sk-c")
        #expect(try await key(.command("echo $A_KEY")) == "sk-a")
    }

    @Test(arguments: ["EMPTY", "MISSING"])
    func aMissingVariableIsNamed(variable: String) async {
        await #expect(throws: ServiceError.missingKey(service: "rack", hint: variable)) {
            try await key(.environment(variable))
        }
    }

    @Test(arguments: [
        ("echo sk-secret; exit 3", "it failed with status 3"), ("kill -9 $$", "it failed with status 137"),
        ("true", "the first line it printed is no key"), ("echo; echo sk-late", "the first line it printed is no key"),
        ("head -c 5000 /dev/zero | tr '\\0' k", "the first line it printed is no key"),
        ("printf 'a\\033b'", "the first line it printed is no key"),
        ("nothing-of-this-name", "it failed with status 127"),
    ])
    func aCommandThatFailsIsDescribedWithoutItsOutput(command: String, reason: String) async {
        await #expect(
            throws: ServiceError.missingKey(
                service: "rack", hint: "the key's command in providers.json (\(reason))")
        ) { try await key(.command(command)) }
    }

    /// A pipe that is full, a program that stays in the background, and one that reads its input do not hold anyone up.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "echo sk-a; head -c 1000000 /dev/zero", "echo sk-a; sleep 600 &", "cat; echo sk-a",
            "echo sk-a; cat /dev/tty; true",
        ])
    func commandsCannotBlock(command: String) async throws {
        #expect(try await key(.command(command)) == "sk-a")
    }

    @Test func aSlowCommandIsStoppedWithItsChildren() async throws {
        let marker = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)").path
        let command = KeyCommand(
            command: "(sleep 1; touch \(marker)) & sleep 60", environment: environment, limit: .milliseconds(300))
        #expect(await command.run() == .failure(.timedOut(seconds: 0)))
        try await Task.sleep(for: .seconds(1.5))
        #expect(!FileManager.default.fileExists(atPath: marker))
    }

    @Test func aCommandRunsOnceForAllRequests() async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let ring = KeyRing(environment: environment)
        let service = service(.command("echo run >> \(log); sleep 0.2; echo sk-a"))
        async let first = ring.key(of: service)
        async let second = ring.key(of: service)
        #expect(try await [first, second].map { $0?.secret } == ["sk-a", "sk-a"])
        #expect(try await ring.key(of: service)?.secret == "sk-a")
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "run\n")
    }

    @Test func aFailedCommandRunsAgain() async throws {
        let marker = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: marker) }
        let ring = KeyRing(environment: environment)
        let service = service(.command("[ -e \(marker) ] && echo sk-a"))
        await #expect(throws: ServiceError.self) { try await ring.key(of: service) }
        #expect(FileManager.default.createFile(atPath: marker, contents: nil))
        #expect(try await ring.key(of: service)?.secret == "sk-a")
    }

    @Test func aKeyIsNotSentUnencryptedToOtherNetworks() async throws {
        await #expect(throws: ServiceError.self) { try await key(.environment("A_KEY"), "http://api.example") }
        #expect(try await key(.environment("A_KEY"), "http://127.0.0.1:8000") == "sk-a")
        #expect(try await key(.none, "http://api.example") == nil)
    }
}
