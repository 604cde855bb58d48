import CKernels

/// The format of cached keys and values.
public enum KVCacheType: String, Sendable, CaseIterable {
    /// Half precision, as in llama.cpp.
    case f16
    /// Single precision, for comparisons.
    case f32
    /// 8-bit blocks with a scale: half the memory of f16.
    case q8_0

    var kernel: sotto_kv_type {
        switch self {
        case .f16: SOTTO_KV_F16
        case .f32: SOTTO_KV_F32
        case .q8_0: SOTTO_KV_Q8_0
        }
    }
}
