import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The keys and values of all layers for up to `capacity` positions; each layer is [kv heads][capacity][head dimension].
///
/// Memory is reserved for the full context, but pages use physical memory only once tokens are written to them. So a long
/// context costs only as much as the conversation in it.
final class KVCache {
    let capacity: Int
    let type: KVCacheType
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    private let layerBytes: Int
    private let keyBytes: Int

    init(_ config: ModelConfig, capacity: Int, type: KVCacheType) throws(EngineError) {
        self.capacity = capacity
        self.type = type
        let perToken = Self.bytesPerToken(config, type: type)
        keyBytes = capacity * config.kvHeads * sotto_kv_row_bytes(type.kernel, Int64(config.headDim))
        layerBytes = capacity * (perToken / config.layers)
        byteCount = layerBytes * config.layers
        let flags = MAP_PRIVATE | MAP_ANON
        guard let mapped = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), mapped != MAP_FAILED else {
            throw .cacheUnavailable(bytes: byteCount)
        }
        base = mapped
    }

    deinit { munmap(base, byteCount) }

    func keys(layer: Int) -> UnsafeMutableRawPointer { base + layer * layerBytes }
    func values(layer: Int) -> UnsafeMutableRawPointer { base + layer * layerBytes + keyBytes }

    /// Bytes per position in all layers together.
    static func bytesPerToken(_ config: ModelConfig, type: KVCacheType) -> Int {
        let row =
            sotto_kv_row_bytes(type.kernel, Int64(config.headDim))
            + sotto_kv_row_bytes(type.kernel, Int64(config.valueDim))
        return config.layers * config.kvHeads * row
    }
}
