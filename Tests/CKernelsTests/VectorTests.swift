import CKernels
import Foundation
import Testing

@Suite struct VectorTests {
    /// Sizes below, equal to and above a vector's sixteen lanes.
    static let sizes = [1, 15, 16, 64, 100]

    @Test(arguments: paths, sizes)
    func norms(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 31)
        let groups = 5, eps = 1e-5
        let x = random.normals(groups * size), weight = random.normals(size), bias = random.normals(size)
        var rms = [Float](repeating: 0, count: x.count), layer = rms, centredOnly = rms, inPlace = x
        sotto_rms_norm(compute.raw, x, weight, Float(eps), Int64(groups), Int64(size), &rms)
        sotto_layer_norm(compute.raw, x, weight, bias, Float(eps), Int64(groups), Int64(size), &layer)
        sotto_layer_norm(compute.raw, x, nil, nil, Float(eps), Int64(groups), Int64(size), &centredOnly)
        inPlace.withUnsafeMutableBufferPointer { x in
            sotto_rms_norm(compute.raw, x.baseAddress, nil, Float(eps), Int64(groups), Int64(size), x.baseAddress)
        }
        for group in 0..<groups {
            let run = x[group * size..<(group + 1) * size].map(Double.init)
            let mean = run.reduce(0, +) / Double(size)
            let square = run.reduce(0) { $0 + $1 * $1 } / Double(size)
            let variance = run.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
            for i in 0..<size {
                let at = group * size + i
                let plain = run[i] / (square + eps).squareRoot()
                let centred = (run[i] - mean) / (variance + eps).squareRoot()
                #expect(abs(Double(inPlace[at]) - plain) < 1e-5)
                #expect(abs(Double(centredOnly[at]) - centred) < 1e-5)
                #expect(abs(Double(rms[at]) - plain * Double(weight[i])) < 1e-5)
                #expect(abs(Double(layer[at]) - (centred * Double(weight[i]) + Double(bias[i]))) < 2e-5)
            }
        }
    }

    /// Counts of one piece and of several, the last one short.
    @Test(arguments: paths, [5, 100_003])
    func sumsAndFiniteness(isa: sotto_isa, count: Int) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 33)
        let x = random.normals(count), y = random.normals(count)
        var sum = y
        sotto_add(compute.raw, x, &sum, Int64(count))
        #expect(sum == zip(x, y).map { $0 + $1 })
        #expect(sotto_all_finite(compute.raw, sum, Int64(count)))
        for (index, value) in [(0, Float.nan), (count / 2, .infinity), (count - 1, -.infinity)] {
            var damaged = sum
            damaged[index] = value
            #expect(!sotto_all_finite(compute.raw, damaged, Int64(count)))
        }
    }

    /// Like sums over a vocabulary: a few terms near 1, and tens of thousands of small ones that matter together.
    @Test(arguments: paths, [1, 15, 1024, 49_152, 50_003])
    func expSums(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 36)
        var x = random.normals(size).map { $0 * 3 - 40 }
        x[size / 2] = -1e30
        let largest = x.max() ?? 0
        let expected = x.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
        #expect(abs(sotto_exp_sum(compute.raw, largest, x, Int64(size)) / expected - 1) < 1e-5)
    }

    @Test(arguments: paths, sizes)
    func sumsAndCaps(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 33)
        let x = random.normals(size).map { $0 * 40 }, y = random.normals(size)
        var sum = y, scaled = x, capped = x
        sotto_add(compute.raw, x, &sum, Int64(size))
        sotto_scale(compute.raw, 0.25, &scaled, Int64(size))
        sotto_soft_cap(compute.raw, 30, &capped, Int64(size))
        for i in 0..<size {
            #expect(sum[i] == x[i] + y[i])
            #expect(scaled[i] == x[i] / 4)
            #expect(abs(Double(capped[i]) - 30 * tanh(Double(x[i]) / 30)) < 1e-5)
        }
    }

    @Test(arguments: paths, [SOTTO_ROPE_ADJACENT, SOTTO_ROPE_HALVES])
    func rope(isa: sotto_isa, pairing: sotto_rope_pairing) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 34)
        for (headDim, ropeDim) in [(64, 64), (48, 20), (256, 256)] {
            let tokens = 3, heads = 2, stride = heads * headDim + 5, half = ropeDim / 2
            let x = random.normals(tokens * stride)
            let angles = (0..<tokens * half).map { _ in Double.random(in: 0..<6, using: &random) }
            var out = x
            sotto_rope(
                compute.raw, pairing, &out, Int64(tokens), Int64(stride), Int64(heads), Int64(headDim),
                Int64(ropeDim), angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
            var expected = x.map(Double.init)
            for token in 0..<tokens {
                for head in 0..<heads {
                    for pair in 0..<half {
                        let start = token * stride + head * headDim
                        let a = start + (pairing == SOTTO_ROPE_HALVES ? pair : 2 * pair)
                        let b = pairing == SOTTO_ROPE_HALVES ? a + half : a + 1
                        let angle = angles[token * half + pair]
                        let (p, q) = (Double(x[a]), Double(x[b]))
                        expected[a] = p * cos(angle) - q * sin(angle)
                        expected[b] = p * sin(angle) + q * cos(angle)
                    }
                }
            }
            #expect(normalisedError(out, expected) < 1e-12)
        }
    }
}
