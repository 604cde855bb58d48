import CKernels
import Foundation
import Testing

/// An activation, and its value in double precision.
struct ActivationCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let activation: sotto_activation
    let value: @Sendable (_ gate: Double, _ up: Double) -> Double

    /// A function of the gate, multiplied by `up`.
    init(
        _ name: String, _ kind: sotto_activation_kind, _ parameters: (Float, Float, Float, Float) = (0, 0, 0, 0),
        _ function: @escaping @Sendable (Double) -> Double
    ) {
        self.init(name, kind, parameters) { gate, up in function(gate) * up }
    }

    init(
        _ name: String, _ kind: sotto_activation_kind, _ parameters: (Float, Float, Float, Float),
        of value: @escaping @Sendable (Double, Double) -> Double
    ) {
        testDescription = name
        activation = sotto_activation(kind: kind, parameters: parameters)
        self.value = value
    }

    static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

    static func clamp(_ x: Double, _ limit: Float) -> Double { min(max(x, -Double(limit)), Double(limit)) }

    static let all = [
        ActivationCase("SiLU", SOTTO_SILU) { silu($0) },
        ActivationCase("GELU by tanh", SOTTO_GELU_TANH) { x in
            x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        },
        ActivationCase("GELU", SOTTO_GELU) { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
        ActivationCase("ReLU", SOTTO_RELU) { max($0, 0) },
        ActivationCase("ReLU²", SOTTO_RELU_SQUARED) { $0 > 0 ? $0 * $0 : 0 },
        ActivationCase("sigmoid", SOTTO_SIGMOID) { 1 / (1 + exp(-$0)) },
        ActivationCase("softplus", SOTTO_SOFTPLUS) { max($0, 0) + log1p(exp(-abs($0))) },
        ActivationCase("xIELU", SOTTO_XIELU, (1.3, 0.8, 0.5, -1e-6)) { x in
            let (n, p, beta, epsilon) = (Double(Float(1.3)), Double(Float(0.8)), 0.5, Double(Float(-1e-6)))
            return (x > 0 ? p * x * x : n * (expm1(min(x, epsilon)) - x)) + beta * x
        },
        ActivationCase("SwiGLU of gpt-oss", SOTTO_SWIGLU_OAI, (1.702, 7, 0, 0)) { gate, up in
            let gate = min(gate, 7)
            return gate / (1 + exp(-Double(Float(1.702)) * gate)) * (clamp(up, 7) + 1)
        },
        ActivationCase("clamped SiLU", SOTTO_SILU_CLAMPED, (1.5, 0, 0, 0)) { gate, up in
            min(silu(gate), 1.5) * clamp(up, 1.5)
        },
        ActivationCase("SiLU of clamped", SOTTO_SILU_OF_CLAMPED, (1.5, 0, 0, 0)) { gate, up in
            silu(min(gate, 1.5)) * clamp(up, 1.5)
        },
    ]
}

@Suite struct ActivationTests {
    /// Rows that are not a multiple of a vector, with gaps: gates from -27 to 27, tiny, zero and beyond what e^x allows.
    @Test(arguments: ActivationCase.all, paths)
    func agreesWithDoublePrecision(_ c: ActivationCase, isa: sotto_isa) throws {
        let compute = try #require(Compute(isa: isa))
        let size = 403, stride = 410, tokens = 2
        var random = Random(state: 32)
        var gate = (0..<tokens * stride).map { Float($0 % stride - 200) / 7.5 }
        gate.replaceSubrange(0..<8, with: [-90, 90, 0, 1e-6, -1e-6, -1e-3, -0.349, -0.351])
        let up = random.normals(tokens * stride).map { $0 * 5 }
        var out = [Float](repeating: 7, count: gate.count), alone = gate
        sotto_gated(compute.raw, c.activation, gate, up, &out, Int64(tokens), Int64(size), Int64(stride))
        alone.withUnsafeMutableBufferPointer { x in
            sotto_gated(
                compute.raw, c.activation, x.baseAddress, nil, x.baseAddress, Int64(tokens), Int64(size), Int64(stride)
            )
        }
        for i in gate.indices {
            guard i % stride < size else {
                #expect(out[i] == 7 && alone[i] == gate[i])
                continue
            }
            for (value, factor) in [(out[i], Double(up[i])), (alone[i], 1)] {
                let expected = c.value(Double(gate[i]), factor)
                #expect(abs(Double(value) - expected) <= tolerance(c, expected), "\(gate[i]), \(factor)")
            }
        }
    }

    /// GELU adds two numbers that nearly cancel for negative gates; and e^x is 0 below -87.
    private func tolerance(_ c: ActivationCase, _ expected: Double) -> Double {
        let gelu = c.activation.kind == SOTTO_GELU || c.activation.kind == SOTTO_GELU_TANH
        return gelu ? 2e-6 * max(5, abs(expected)) : 3e-6 * abs(expected) + 1e-35
    }

    /// NaN must reach the logits, where the engine reports it, and not become a plausible number on the way.
    @Test(arguments: ActivationCase.all, paths)
    func invalidNumbersStayInvalid(_ c: ActivationCase, isa: sotto_isa) throws {
        let compute = try #require(Compute(isa: isa))
        for at in [3, 18] {
            var gate = [Float](repeating: 0.5, count: 19), up = gate
            gate[at] = .nan
            up[at - 1] = .nan
            var out = gate
            sotto_gated(compute.raw, c.activation, gate, up, &out, 1, 19, 19)
            #expect(out.indices.filter { out[$0].isNaN } == [at - 1, at])
        }
    }
}
