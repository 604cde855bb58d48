/// An adapter of PEFT in the names of a GGUF file, and in the order of its rows.
struct TranslatedAdapter {
    /// By the file's name of the matrix.
    private(set) var changes: [String: (a: TensorView, b: TensorView)] = [:]
    /// The names of the adapter's tensors, and of the matrices that they change; nil for a tensor that changes none.
    let targets: [(tensor: String, matrix: String?)]

    /// Throws if it is not known how checkpoints of the file's family call their tensors.
    init(_ folder: AdapterFolder, _ file: GGUFSource) throws(ModelError) {
        let architecture = try file.requireArchitecture()
        let families = CheckpointFamilies.all.filter { $0.architecture == architecture }
        guard !families.isEmpty else {
            throw .adapter(
                folder.path,
                "It names matrices as Hugging Face's libraries do, and their names in \(architecture) are unknown")
        }
        let config = try ModelConfig(try file.requireSpec(), file)
        var targets: [(tensor: String, matrix: String?)] = []
        for (tensor, checkpointName) in folder.targets {
            guard let checkpointName, let (role, family) = Self.role(of: checkpointName, families),
                let name = Self.name(of: role, in: file), let change = folder.change(of: checkpointName)
            else {
                targets.append((tensor, nil))
                continue
            }
            targets.append((tensor, name))
            guard changes[name] == nil else { continue }
            let order = Self.order(of: role, family, config)
            changes[name] = (change.a, order.map { DerivedTensor(change.b, rows: $0).view } ?? change.b)
        }
        self.targets = targets
    }

    /// What the tensor of a checkpoint is for.
    private static func role(
        of name: String, _ families: [CheckpointFamily]
    ) -> (TensorRole, CheckpointFamily)? {
        let parents = /(?:(?:model|language_model|transformer|backbone)\.)*/
        guard let rest = name.trimmingPrefix(parents).wholeMatch(of: /(.+)\.weight/)?.1 else { return nil }
        if rest == "lm_head" { return families.first.map { (.output, $0) } }
        guard let match = rest.wholeMatch(of: /(?:layers|h)\.(\d{1,4})\.(.+)/), let layer = Int(match.1) else {
            return nil
        }
        for family in families {
            if let role = roles.first(where: { family.name(of: $0) == String(match.2) }) {
                return (.layer(layer, role), family)
            }
        }
        return nil
    }

    /// The matrices whose rows are the same in both, but for the order of those that are rotated.
    private static let roles: [LayerRole] = [
        .query, .key, .value, .queryKeyValue, .attentionGate, .attentionOutput, .latentProjection, .queryReduction,
        .queryExpansion, .gate, .up, .down, .router, .sharedGate, .sharedUp, .sharedDown, .sharedRouter, .perLayerGate,
        .perLayerProjection,
    ]

    /// The name of the matrix in the file; nil if it has none.
    private static func name(of role: TensorRole, in file: GGUFSource) -> String? {
        GGUFNames.tensors(role, in: file.architecture).map { "\($0).weight" }.first { name in
            file.tensor(named: name) != nil
        }
    }

    private static func order(
        of role: TensorRole, _ family: CheckpointFamily, _ config: ModelConfig
    ) -> ElementPlaces? {
        guard case .layer(let layer, let layerRole) = role, config.layers.indices.contains(layer),
            case .attention(let attention) = config.layers[layer].mixer, family.pairing == .halves,
            config.ropePairing?.isAdjacent == true
        else { return nil }
        return ElementPlaces(layerRole, attention, ropeDim: config.ropes.first?.dim)
    }
}

extension DerivedTensor {
    /// A matrix with its rows in another order.
    fileprivate convenience init(_ source: TensorView, rows order: ElementPlaces) {
        self.init(source.name, source.type, source.dimensions, from: [source]) { target in
            let bytes = source.bytes
            let rowBytes = max(1, source.dimensions[0] / max(1, source.type.blockElements) * source.type.blockBytes)
            let count = target.count / rowBytes
            for row in 0..<count {
                // The number of rows is checked before they are read.
                let from = min(order.source(of: row), count - 1)
                UnsafeMutableRawBufferPointer(rebasing: target[row * rowBytes..<(row + 1) * rowBytes])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from * rowBytes..<(from + 1) * rowBytes]))
            }
        }
    }
}
