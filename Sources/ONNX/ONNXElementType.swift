/// The number formats of tensors. The raw value is the one in files, and in ONNX Runtime. (`TensorProto.DataType`)
public enum ONNXElementType: Int, Sendable, CaseIterable {
    case float32 = 1
    case uint8, int8, uint16, int16, int32, int64, string, bool, float16, float64, uint32, uint64, complex64, complex128
    case bfloat16, float8e4m3, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, uint4, int4, float4, float8e8m0, uint2, int2

    /// Bits of an element; 0 for strings.
    public var bits: Int {
        switch self {
        case .string: 0
        case .uint2, .int2: 2
        case .uint4, .int4, .float4: 4
        case .uint8, .int8, .bool, .float8e4m3, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: 8
        case .uint16, .int16, .float16, .bfloat16: 16
        case .float32, .int32, .uint32: 32
        case .int64, .float64, .uint64, .complex64: 64
        case .complex128: 128
        }
    }

    /// The usual short name: "fp32", "int4".
    public var name: String {
        switch self {
        case .float32: "fp32"
        case .float16: "fp16"
        case .bfloat16: "bf16"
        case .float64: "fp64"
        case .float8e4m3, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: "fp8"
        case .float4: "fp4"
        case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64: "uint\(bits)"
        case .int2, .int4, .int8, .int16, .int32, .int64: "int\(bits)"
        case .string: "string"
        case .bool: "bool"
        case .complex64, .complex128: "complex\(bits)"
        }
    }

    /// Whether numbers have a fraction, as weights that are not quantized.
    var isFloat: Bool {
        switch self {
        case .float32, .float16, .bfloat16, .float64: true
        default: false
        }
    }
}
