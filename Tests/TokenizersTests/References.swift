import Foundation
import GGUF
import Inference
import Tokenizers

/// The folders of models and reference data, if the environment names them.
enum References {
    static let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"]
    static let llamaCpp = ProcessInfo.processInfo.environment["SOTTO_TEST_REFERENCE"]

    static func golden(_ name: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
}
