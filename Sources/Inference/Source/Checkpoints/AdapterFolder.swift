import Files
import JSON

/// A folder with a LoRA adapter of Hugging Face's PEFT: `adapter_config.json` and its tensors. (PEFT's `LoraConfig`)
package struct AdapterFolder: Sendable {
    package let path: String
    /// What the adapter was trained on: a path, or OWNER/NAME on the hub; nil if the file does not say.
    package let base: String?
    /// The factor of B·(A·x).
    let scale: Float
    private let weights: CheckpointWeights

    private static let configuration = "adapter_config.json"
    private static let files = ["adapter_model.safetensors", "adapter_model.bin"]

    package static func isAdapter(_ path: String) -> Bool { CheckpointFolder(path).has(configuration) }

    /// The base that an adapter's folder names, without reading anything else.
    package static func base(of path: String) -> String? {
        (try? CheckpointFolder(path).object(configuration))?["base_model_name_or_path"]?.string
    }

    package init(_ path: String) throws(CheckpointError) {
        let folder = CheckpointFolder(path)
        let place = folder.path(of: Self.configuration)
        guard let fields = try folder.object(Self.configuration) else {
            throw .cannotRead(path: place, reason: SystemError.reason(2))
        }
        func refuse(_ field: String, _ expected: String) -> CheckpointError {
            .value(path: place, field: field, expected: expected)
        }
        guard fields["peft_type"]?.string == "LORA" else { throw refuse("peft_type", "LORA") }
        for field in ["use_dora", "use_qalora"] where fields[field]?.bool == true { throw refuse(field, "false") }
        for field in ["rank_pattern", "alpha_pattern"] where fields[field]?.object?.isEmpty == false {
            throw refuse(field, "empty")
        }
        guard let rank = fields["r"]?.integer, (1...65_536).contains(rank) else {
            throw refuse("r", "an integer from 1 to 65536")
        }
        guard let alpha = fields["lora_alpha"]?.double, alpha.isFinite else { throw refuse("lora_alpha", "a number") }
        let divisor = fields["use_rslora"]?.bool == true ? Double(rank).squareRoot() : Double(rank)
        guard let file = Self.files.first(where: folder.has) else { throw .noWeights(folder: path) }
        self.path = path
        scale = Float(alpha / divisor)
        base = fields["base_model_name_or_path"]?.string
        weights = try CheckpointWeights(files: [folder.path(of: file)])
    }

    var byteCount: Int { weights.byteCount }

    /// The names of its tensors, and of the matrices that they change; nil for a tensor that changes none.
    var targets: [(tensor: String, matrix: String?)] { weights.names.map { ($0, Self.target(of: $0)) } }

    /// A and B of the change of a matrix, [rank × cols] and [rows × rank]; nil if it is not changed.
    func change(of matrix: String) -> (a: TensorView, b: TensorView)? {
        guard matrix.hasSuffix(".weight") else { return nil }
        let module = "base_model.model." + matrix.dropLast(".weight".count)
        for part in ["", ".default"] {
            if let a = weights.tensor("\(module).lora_A\(part).weight"),
                let b = weights.tensor("\(module).lora_B\(part).weight")
            {
                return (a, b)
            }
        }
        return nil
    }

    /// "model.layers.0.self_attn.q_proj.weight" of "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight".
    private static func target(of name: String) -> String? {
        guard let match = name.wholeMatch(of: /base_model\.model\.(.+)\.lora_[AB](?:\.default)?\.weight/) else {
            return nil
        }
        return "\(match.1).weight"
    }
}
