import CKernels
import Testing

/// Operations on rows, with factors for rows or for columns.
@Suite struct RowTests {
    static let sizes = [2, 15, 16, 100, 1_031]
    /// Enough rows of the largest size for several threads.
    static let rows = 70

    @Test(arguments: paths, sizes)
    func factorsOfRowsAndColumns(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 41)
        let (rows, count) = (Self.rows, Self.rows * size)
        let x = random.normals(count), y = random.normals(count)
        let factors = random.normals(rows), weights = random.normals(size)
        var scaled = x, sum = y, product = y, weighted = x
        sotto_scale_rows(compute.raw, factors, &scaled, Int64(rows), Int64(size))
        sotto_add_scaled_rows(compute.raw, factors, x, &sum, Int64(rows), Int64(size))
        sotto_multiply(compute.raw, x, &product, Int64(count))
        sotto_multiply_rows(compute.raw, weights, &weighted, Int64(rows), Int64(size))
        for i in 0..<count {
            let (row, column) = (i / size, i % size)
            #expect(scaled[i] == x[i] * factors[row])
            #expect(product[i] == x[i] * y[i])
            #expect(weighted[i] == x[i] * weights[column])
            let expected = Double(y[i]) + Double(factors[row]) * Double(x[i])
            #expect(abs(Double(sum[i]) - expected) < 1e-6)
        }
    }

    @Test(arguments: paths, sizes)
    func clampsAndKeepsInvalidNumbers(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(isa: isa))
        var random = Random(state: 42)
        var x = random.normals(size)
        x[0] = .nan
        x[size - 1] = -.infinity
        var out = x
        sotto_clamp(compute.raw, 0.75, &out, Int64(size))
        #expect(out[0].isNaN)
        #expect(out.dropFirst() == x.map { min(max($0, -0.75), 0.75) }.dropFirst())
    }

    @Test(arguments: paths, sizes)
    func combinesRowsInOrder(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 43)
        let (tokens, used, stride) = (40, 5, size + 3)
        let x = random.normals(60 * stride), weights = random.normals(tokens * used)
        let slots = (0..<tokens * used).map { _ in Int32.random(in: 0..<60, using: &random) }
        func combine(_ slots: ArraySlice<Int32>, _ weights: ArraySlice<Float>) -> [Float] {
            var out = [Float](repeating: .nan, count: slots.count / used * size)
            sotto_combine(
                compute.raw, x, Int64(stride), Array(slots), Array(weights), Int64(slots.count / used), Int64(used),
                Int64(size), &out)
            return out
        }
        let out = combine(slots[...], weights[...])
        for token in 0..<tokens {
            let range = token * used..<(token + 1) * used
            for i in 0..<size {
                let expected = range.reduce(0.0) {
                    $0 + Double(weights[$1]) * Double(x[Int(slots[$1]) * stride + i])
                }
                #expect(abs(Double(out[token * size + i]) - expected) < 3e-6)
            }
            #expect(combine(slots[range], weights[range])[...] == out[token * size..<(token + 1) * size])
        }
    }

    @Test(arguments: paths, sizes)
    func cutsOffAllButTheLargest(isa: sotto_isa, size: Int) throws {
        let compute = try #require(Compute(threads: 3, isa: isa))
        var random = Random(state: 44)
        let x = random.normals(Self.rows * size).map { $0 * 3 + 1 }
        for deviations: Float in [-0.5, 0.3] {
            var out = x
            sotto_cut_off(compute.raw, deviations, &out, Int64(Self.rows), Int64(size))
            for row in 0..<Self.rows {
                let run = x[row * size..<(row + 1) * size].map(Double.init)
                let mean = run.reduce(0, +) / Double(size)
                let squares = run.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let cut = mean + Double(deviations) * (squares / Double(size - 1)).squareRoot()
                for i in 0..<size { #expect(abs(Double(out[row * size + i]) - max(0, run[i] - cut)) < 1e-5) }
            }
        }
    }
}
