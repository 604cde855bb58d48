import CKernels
import Foundation
import Testing

/// Layers with a state of fixed size, compared with the same steps in double precision.
@Suite struct RecurrenceTests {
    // MARK: Convolutions

    struct Convolution {
        let channels: Int, length: Int
        let weights: [Float], bias: [Float]

        init(channels: Int, length: Int, _ random: inout Random) {
            (self.channels, self.length) = (channels, length)
            weights = random.normals(length * channels)
            bias = random.normals(channels)
        }

        func run(_ x: [Float], state: inout [Float], hasBias: Bool = true, on compute: Compute) -> [Float] {
            var x = x
            let tokens = x.count / channels
            weights.withUnsafeBufferPointer { weights in
                bias.withUnsafeBufferPointer { bias in
                    x.withUnsafeMutableBufferPointer { x in
                        state.withUnsafeMutableBufferPointer { state in
                            var call = sotto_convolution(
                                x: x.baseAddress, weights: weights.baseAddress, bias: hasBias ? bias.baseAddress : nil,
                                state: state.baseAddress, tokens: Int64(tokens), channels: Int64(channels),
                                length: Int64(length))
                            sotto_convolve(compute.raw, &call)
                        }
                    }
                }
            }
            return x
        }
    }

    @Test(arguments: paths, [(1, 1), (16, 3), (50, 4), (700, 16)])
    func convolutionsAreSumsOverEarlierTokens(isa: sotto_isa, shape: (channels: Int, length: Int)) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 71)
        let convolution = Convolution(channels: shape.channels, length: shape.length, &random)
        let tokens = 21, channels = shape.channels, before = shape.length - 1
        let x = random.normals(tokens * channels), first = random.normals(max(1, before * channels))
        for hasBias in [true, false] {
            var state = first
            let found = convolution.run(x, state: &state, hasBias: hasBias, on: compute)
            let all = first.prefix(before * channels) + x
            for token in 0..<tokens {
                for channel in 0..<channels {
                    var sum = hasBias ? Double(convolution.bias[channel]) : 0
                    for k in 0..<shape.length {
                        sum +=
                            Double(convolution.weights[k * channels + channel])
                            * Double(all[(token + k) * channels + channel])
                    }
                    #expect(abs(Double(found[token * channels + channel]) - sum) < 2e-5)
                }
            }
            #expect(Array(state.prefix(before * channels)) == Array(all.suffix(before * channels)))
        }
    }

    /// Tokens in one call, and one after the other.
    @Test(arguments: paths)
    func convolutionsContinueBitByBit(isa: sotto_isa) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 72)
        let convolution = Convolution(channels: 40, length: 4, &random)
        let x = random.normals(9 * 40)
        var whole = [Float](repeating: 0, count: 3 * 40), parts = whole
        let expected = convolution.run(x, state: &whole, on: compute)
        var found: [Float] = []
        for token in 0..<9 {
            found += convolution.run(Array(x[token * 40..<(token + 1) * 40]), state: &parts, on: compute)
        }
        #expect(found == expected)
        #expect(parts == whole)
    }

    // MARK: Time

    @Test func timeStepsAreLimitedAndDecaysFollow() {
        let x: [Float] = [-100, -3, 0, 3, 30, 100], bias: [Float] = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
        let rates: [Float] = [-1, -2, -0.5, -1, -1, -0.001]
        var steps = [Float](repeating: .nan, count: 6), decays = steps
        var call = sotto_time_step_call()
        x.withUnsafeBufferPointer { x in
            bias.withUnsafeBufferPointer { bias in
                rates.withUnsafeBufferPointer { rates in
                    steps.withUnsafeMutableBufferPointer { steps in
                        decays.withUnsafeMutableBufferPointer { decays in
                            call = sotto_time_step_call(
                                x: x.baseAddress, bias: bias.baseAddress, rates: rates.baseAddress, least: 0.125,
                                most: 50, tokens: 1, heads: 6, steps: steps.baseAddress, decays: decays.baseAddress)
                            sotto_time_steps(&call)
                        }
                    }
                }
            }
        }
        for index in x.indices {
            let plain = log1p(exp(Double(x[index] + bias[index])))
            let step = min(50, max(0.125, x[index] > 20 ? Double(x[index] + bias[index]) : plain))
            #expect(abs(Double(steps[index]) - step) < 1e-5)
            #expect(abs(Double(decays[index]) - exp(Double(rates[index]) * step)) < 1e-6)
        }
    }

    // MARK: Linear attention

    struct Shape: Sendable {
        var heads: Int, keyHeads: Int, keyDim: Int, valueDim: Int
        var tiled = false, isDelta = true, hasSkips = false
    }

    static let shapes = [
        Shape(heads: 1, keyHeads: 1, keyDim: 1, valueDim: 1),
        Shape(heads: 4, keyHeads: 2, keyDim: 13, valueDim: 20),
        Shape(heads: 4, keyHeads: 2, keyDim: 16, valueDim: 16, tiled: true),
        Shape(heads: 6, keyHeads: 2, keyDim: 24, valueDim: 40, isDelta: false, hasSkips: true),
        Shape(heads: 2, keyHeads: 2, keyDim: 128, valueDim: 128),
    ]

    struct Input {
        let shape: Shape
        let queries: [Float], keys: [Float], values: [Float], decays: [Float], rates: [Float], skips: [Float]

        init(_ shape: Shape, tokens: Int, _ random: inout Random) {
            self.shape = shape
            let size = tokens * shape.keyHeads * shape.keyDim
            // As long as normalised ones.
            let length = Float(shape.keyDim).squareRoot()
            queries = random.normals(size).map { $0 / length }
            keys = random.normals(size).map { $0 / length }
            values = random.normals(tokens * shape.heads * shape.valueDim)
            decays = random.normals(tokens * shape.heads).map { exp(-abs($0)) }
            rates = random.normals(tokens * shape.heads).map { 1 / (1 + exp($0)) }
            skips = random.normals(shape.heads)
        }

        var stateFloats: Int {
            sotto_linear_attention_state_floats(Int64(shape.heads), Int64(shape.keyDim), Int64(shape.valueDim))
        }

        /// Runs some of the tokens.
        func run(_ range: Range<Int>, state: inout [Float], on compute: Compute) -> [Float] {
            let keySize = shape.keyHeads * shape.keyDim, valueSize = shape.heads * shape.valueDim
            var values = Array(values[range.lowerBound * valueSize..<range.upperBound * valueSize])
            var call = sotto_linear_attention()
            call.tokens = Int64(range.count)
            call.heads = Int64(shape.heads)
            call.key_heads = Int64(shape.keyHeads)
            call.key_dim = Int64(shape.keyDim)
            call.value_dim = Int64(shape.valueDim)
            call.tiled = shape.tiled
            call.is_delta = shape.isDelta
            queries.withUnsafeBufferPointer { queries in
                keys.withUnsafeBufferPointer { keys in
                    decays.withUnsafeBufferPointer { decays in
                        rates.withUnsafeBufferPointer { rates in
                            skips.withUnsafeBufferPointer { skips in
                                values.withUnsafeMutableBufferPointer { values in
                                    state.withUnsafeMutableBufferPointer { state in
                                        call.queries = queries.baseAddress.map { $0 + range.lowerBound * keySize }
                                        call.keys = keys.baseAddress.map { $0 + range.lowerBound * keySize }
                                        call.decays = decays.baseAddress.map { $0 + range.lowerBound * shape.heads }
                                        call.rates = rates.baseAddress.map { $0 + range.lowerBound * shape.heads }
                                        call.skips = shape.hasSkips ? skips.baseAddress : nil
                                        call.values = values.baseAddress
                                        call.state = state.baseAddress
                                        sotto_attend_linearly(compute.raw, &call)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            return values
        }

        /// The output of a head in double precision, [tokens][value dimension].
        func expected(head: Int, tokens: Int) -> [Double] {
            let keyHead = shape.tiled ? head % shape.keyHeads : head / (shape.heads / shape.keyHeads)
            var state = [[Double]](
                repeating: Array(repeating: 0, count: shape.valueDim), count: shape.keyDim)
            var out: [Double] = []
            for token in 0..<tokens {
                let at = (token * shape.keyHeads + keyHead) * shape.keyDim
                let key = keys[at..<at + shape.keyDim].map(Double.init)
                let query = queries[at..<at + shape.keyDim].map(Double.init)
                let (decay, rate) = (
                    Double(decays[token * shape.heads + head]), Double(rates[token * shape.heads + head])
                )
                for i in 0..<shape.keyDim { for j in 0..<shape.valueDim { state[i][j] *= decay } }
                for j in 0..<shape.valueDim {
                    let value = Double(values[(token * shape.heads + head) * shape.valueDim + j])
                    var change = value
                    if shape.isDelta { for i in 0..<shape.keyDim { change -= key[i] * state[i][j] } }
                    var sum = shape.hasSkips ? Double(skips[head]) * value : 0
                    for i in 0..<shape.keyDim {
                        state[i][j] += key[i] * rate * change
                        sum += query[i] * state[i][j]
                    }
                    out.append(sum)
                }
            }
            return out
        }
    }

    @Test(arguments: paths, shapes)
    func linearAttentionIsItsRecurrence(isa: sotto_isa, shape: Shape) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 73)
        let tokens = 30, input = Input(shape, tokens: tokens, &random)
        var state = [Float](repeating: 0, count: input.stateFloats)
        let found = input.run(0..<tokens, state: &state, on: compute)
        for head in 0..<shape.heads {
            let expected = input.expected(head: head, tokens: tokens)
            for token in 0..<tokens {
                for j in 0..<shape.valueDim {
                    let value = Double(found[(token * shape.heads + head) * shape.valueDim + j])
                    #expect(abs(value - expected[token * shape.valueDim + j]) < 1e-5)
                }
            }
        }
    }

    @Test(arguments: paths, shapes)
    func linearAttentionContinuesBitByBit(isa: sotto_isa, shape: Shape) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 74)
        let input = Input(shape, tokens: 12, &random)
        var whole = [Float](repeating: 0, count: input.stateFloats), parts = whole
        let expected = input.run(0..<12, state: &whole, on: compute)
        let found = [0..<1, 1..<2, 2..<9, 9..<12].flatMap { input.run($0, state: &parts, on: compute) }
        #expect(found == expected)
        #expect(parts == whole)
    }
}
