/// The supported model families, one row each.
package enum Architectures {
    package static let all: [ArchitectureSpec] =
        llama + qwen + gemma + ernieGLMHunyuan + lines + layerNorms + mixtures
        + recurrent

    package static func find(_ name: String) -> ArchitectureSpec? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
