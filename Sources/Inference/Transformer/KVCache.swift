import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The keys and values of all layers for up to `capacity` positions; each layer is [kv heads][capacity][head dimension].
///
/// Memory is reserved for the full context, but pages use physical memory only once tokens are written to them. So a long
/// context costs only as much as the conversation in it. What layers of attention remember can be cut to any position:
/// later positions are simply written again.
final class KVCache {
    let capacity: Int
    let type: KVCacheType
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    /// By layer; layers without a cache of their own have the next one's.
    private let keyOffsets: [Int]
    private let valueOffsets: [Int]

    init(_ config: ModelConfig, capacity: Int, type: KVCacheType) throws(EngineError) {
        self.capacity = capacity
        self.type = type
        var (keys, values) = ([Int](), [Int]())
        var offset = 0
        for (index, layer) in config.layers.enumerated() {
            keys.append(offset)
            values.append(offset)
            guard let rows = RowBytes(layer, at: index, type) else { continue }
            values[index] += capacity * rows.keys
            offset += capacity * (rows.keys + rows.values)
        }
        (keyOffsets, valueOffsets) = (keys, values)
        byteCount = max(offset, 1)
        let flags = MAP_PRIVATE | MAP_ANON
        guard let mapped = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), mapped != MAP_FAILED else {
            throw .cacheUnavailable(bytes: byteCount)
        }
        base = mapped
    }

    deinit { munmap(base, byteCount) }

    func keys(layer: Int) -> UnsafeMutableRawPointer { base + keyOffsets[layer] }
    func values(layer: Int) -> UnsafeMutableRawPointer { base + valueOffsets[layer] }

    /// Bytes per position in all layers together.
    static func bytesPerToken(_ config: ModelConfig, type: KVCacheType) -> Int {
        config.layers.enumerated().reduce(0) { sum, layer in
            guard let rows = RowBytes(layer.element, at: layer.offset, type) else { return sum }
            return sum + rows.keys + rows.values
        }
    }

    /// The bytes of a position in a layer with a cache of its own.
    private struct RowBytes {
        let keys: Int
        let values: Int

        init?(_ layer: LayerConfig, at index: Int, _ type: KVCacheType) {
            guard case .attention(let attention) = layer.mixer, attention.cacheLayer == index else { return nil }
            keys = attention.kvHeads * sotto_kv_row_bytes(type.kernel, Int64(attention.headDim))
            values = attention.kvHeads * sotto_kv_row_bytes(type.kernel, Int64(attention.valueDim))
        }
    }
}

extension AttentionConfig {
    /// Bytes of the keys and values that are read for a query.
    ///
    /// - Parameter position: of the query, from 0.
    func cacheBytesRead(at position: Int, type: KVCacheType) -> Int {
        let row =
            sotto_kv_row_bytes(type.kernel, Int64(headDim)) + sotto_kv_row_bytes(type.kernel, Int64(valueDim))
        return kvHeads * row * span.count(at: position)
    }
}
