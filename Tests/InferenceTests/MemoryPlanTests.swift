import Foundation
import GGUF
import Inference
import Testing

@Suite struct MemoryPlanTests {
    /// What a picker shows before a model is loaded is what loading reckons with.
    @Test(arguments: ["llama", "gemma3", "qwen3", "phi3-long"], [nil, 128])
    func theHeaderAloneTellsTheSame(family: String, contextLength: Int?) throws {
        let path = Golden.folder.appending(path: "tiny/\(family).gguf").path
        let options = EngineOptions(contextLength: contextLength)
        let fromModel = try MemoryPlan(model: Model.load(path: path), options: options)
        #expect(try MemoryPlan(file: GGUFFile(path: path), options: options) == fromModel)
    }
}
