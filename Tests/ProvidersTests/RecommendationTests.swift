import Chat
import Foundation
import Testing

@testable import Providers

/// The table of recommended models.
@Suite struct RecommendationTests {
    private func file(_ text: String) -> RecommendationFile {
        RecommendationFile(text, label: "FILE", date: "2026-01-02")
    }

    private static let line =
        #""title": "Qwen3 8B", "parameters": 8190735360, "bytes": 5027783488, "license": "Apache-2.0", "use": "general""#

    @Test func aLineHasEveryFact() {
        let text = """
            { "format": "sotto.recommended", "date": "2026-11-28", "source": "a page", "models": [
              { "address": "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M", \(Self.line), "active": 3300000000,
                "released": "2025-04", "source": "its card" },
              { "address": "ollama.com/qwen3:8b", \(Self.line), "date": "2025-01-01" } ] }
            """
        let file = file(text)
        #expect(file.problems == [])
        #expect(
            file.models.first
                == RecommendedModel(
                    address: "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M", title: "Qwen3 8B", parameters: 8_190_735_360,
                    activeParameters: 3_300_000_000, bytes: 5_027_783_488, license: "Apache-2.0", use: .general,
                    released: "2025-04", date: "2026-11-28", source: "its card"))
        #expect(file.models.last?.date == "2025-01-01" && file.models.last?.source == "a page")
    }

    @Test func aBareListHasTheFilesDateAndName() {
        let models = file(#"[{"address": "ollama.com/alice/mine:1b", \#(Self.line)}]"#).models
        #expect(models.map(\.date) == ["2026-01-02"] && models.map(\.source) == ["FILE"])
    }

    @Test(arguments: [
        ("\"address\": \"https://example.com/x\", \(line)", "address must be like"),
        ("\"address\": \"hf.co/only-one\", \(line)", "address must be like"),
        ("\"address\": \"hf.co/a/../b\", \(line)", "address must be like"),
        ("\"address\": \"hf.co/a/b\\u001b[31m\", \(line)", "address must be like"),
        ("\"address\": \"ollama.com/a:\", \(line)", "address must be like"),
        ("\"address\": \"hf.co/a/b\", \(line), \"size\": 1", "unknown field \"size\""),
        ("\"address\": \"hf.co/a/b\", \(line), \"active\": 9000000000", "active must be"),
        ("\"address\": \"hf.co/a/b\", \"title\": \"B\"", "needs a title and a license"),
        (
            "\"address\": \"hf.co/a/b\", \"title\": \"B\", \"license\": \"MIT\", \"parameters\": 1e9",
            "parameters must be"
        ),
        (
            "\"address\": \"hf.co/a/b\", \"title\": \"B\", \"license\": \"MIT\", \"parameters\": 5, \"bytes\": -1",
            "bytes must be"
        ),
        (
            "\"address\": \"hf.co/a/b\", \"title\": \"B\", \"license\": \"MIT\", \"parameters\": 5, \"bytes\": 5",
            "use must be one of general, code, reasoning, small"
        ),
    ])
    func aWrongLineIsLeftOutAndNamed(fields: String, problem: String) {
        let good = #"{"address": "hf.co/a/good", \#(Self.line)}"#
        let file = file("[\n\(good),\n{\(fields)}]")
        #expect(file.models.map(\.address) == ["hf.co/a/good"])
        #expect(file.problems.count == 1)
        #expect(file.problems.first?.hasPrefix("FILE, line 3: ") == true)
        #expect(file.problems.first?.contains(problem) == true, "\(file.problems)")
    }

    @Test(arguments: [
        ("{", "FILE, line 1: invalid JSON"), ("{}", "FILE: there is no list of models"),
        (#"{"format": "other", "models": []}"#, "FILE: the format is not"), ("[1]", "FILE: model 1 is not an object"),
    ])
    func aWrongFileIsNamed(text: String, problem: String) {
        let file = file(text)
        #expect(file.models.isEmpty && file.problems.first?.hasPrefix(problem) == true, "\(file.problems)")
    }

    @Test func theUsersLinesWin() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recommended-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let shipped = folder.appending(path: "shipped.json"), own = folder.appending(path: "own.json")
        let other = Self.line.replacing("Qwen3 8B", with: "Mine")
        try Data(#"[{"address": "hf.co/a/b", \#(Self.line)}, {"address": "hf.co/a/c", \#(Self.line)}]"#.utf8)
            .write(to: shipped)
        try Data(#"[{"address": "hf.co/a/d", \#(Self.line)}, {"address": "hf.co/a/b", \#(other)}, 7]"#.utf8)
            .write(to: own)
        let (models, problems) = RecommendationTable.load(shipped: shipped.path, own: own.path)
        #expect(models.map(\.address) == ["hf.co/a/b", "hf.co/a/c", "hf.co/a/d"])
        #expect(models.map(\.title) == ["Mine", "Qwen3 8B", "Qwen3 8B"])
        #expect(problems == ["\(own.path): model 3 is not an object"])
        #expect(RecommendationTable.load(shipped: nil, own: "/nowhere/recommended.json").models.isEmpty)
    }

    /// The shipped lines are right, and their sizes are those of quantized weights.
    @Test func theShippedTableIsComplete() {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let (models, problems) = RecommendationTable.load(
            shipped: root.appending(path: "models/recommended.json").path, own: nil)
        #expect(problems == [])
        #expect(models.count >= 15)
        for model in models {
            let perParameter = Double(model.bytes) / Double(model.parameters)
            #expect((0.5...1.2).contains(perParameter), "\(model.title)")
        }
    }
}
