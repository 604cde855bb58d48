import Foundation
import GGUF
import Inference
import Testing

@Suite struct MemoryPlanTests {
    /// The plan shown before a model is loaded is the same as when it is loaded.
    @Test(arguments: ["llama", "gemma3", "qwen3", "phi3-long"], [nil, 128])
    func planFromTheHeaderIsTheSame(family: String, contextLength: Int?) throws {
        let path = Golden.folder.appending(path: "tiny/\(family).gguf").path
        let options = EngineOptions(contextLength: contextLength)
        let fromModel = try MemoryPlan(model: Model.load(path: path), options: options)
        #expect(try MemoryPlan(source: GGUFSource.open(path), options: options) == fromModel)
    }
}
