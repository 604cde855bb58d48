import CKernels
import Foundation
import Testing

/// Matrices of experts, one after the other, as a file has them.
private struct Experts {
    let weights: Weights
    let experts: Int, rows: Int
    let bias: [Float]

    init(_ format: sotto_format, experts: Int, rows: Int, cols: Int, using random: inout Random) {
        (self.experts, self.rows) = (experts, rows)
        weights = Weights(format, rows: experts * rows, cols: cols, using: &random)
        bias = random.normals(experts * rows)
    }

    /// The matrix of one expert, or of expert 0 in `stack`.
    func matrix(_ expert: Int, in stack: sotto_matrix? = nil) -> sotto_matrix {
        var matrix = stack ?? weights.matrix
        let blocks = rows * weights.cols / Int(matrix.format.pointee.block_elements)
        matrix.data += expert * blocks * Int(matrix.format.pointee.block_bytes)
        matrix.rows = Int64(rows)
        return matrix
    }
}

/// Which rows belong to which expert.
private struct ExpertRows {
    let starts: [Int64]
    var sources: [Int32]?

    init(counts: [Int], sources: [Int32]? = nil) {
        starts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int64($1)) }
        self.sources = sources
    }

    /// Each token's chosen experts, [tokens][used]: rows are sorted by expert, then by token.
    init(chosen: [[Int]], experts: Int) {
        let pairs = (0..<experts).map { expert in chosen.indices.filter { chosen[$0].contains(expert) } }
        self.init(counts: pairs.map(\.count), sources: pairs.joined().map(Int32.init))
    }

    var total: Int { Int(starts[starts.count - 1]) }

    func source(_ row: Int) -> Int { sources.map { Int($0[row]) } ?? row }
}

@Suite struct ExpertTests {
    /// The products of all groups, which share x, [total rows][rows of all groups together].
    private func project(
        _ groups: [Experts], _ rows: ExpertRows, x: [Float], xRows: Int, as copies: [sotto_matrix]? = nil,
        threads: Int32 = 2, isa: sotto_isa
    ) throws -> [Float] {
        let compute = try #require(Compute(threads: threads, isa: isa))
        let stride = groups.map(\.rows).reduce(0, +), cols = groups[0].weights.cols
        var out = [Float](repeating: .nan, count: rows.total * stride)
        let bias = UnsafeMutableBufferPointer<Float>.allocate(capacity: groups.map(\.bias.count).reduce(0, +))
        defer { bias.deallocate() }
        _ = bias.initialize(from: groups.flatMap(\.bias))
        rows.starts.withUnsafeBufferPointer { starts in
            (rows.sources ?? []).withUnsafeBufferPointer { sources in
                out.withUnsafeMutableBufferPointer { out in
                    var (start, firstBias) = (0, 0)
                    let projections = groups.enumerated().map { index, group in
                        defer { (start, firstBias) = (start + group.rows, firstBias + group.bias.count) }
                        return sotto_projection(
                            weights: group.matrix(0, in: copies?[index]),
                            bias: bias.baseAddress.map { UnsafePointer($0 + firstBias) },
                            out: out.baseAddress.map { $0 + start }, out_stride: Int64(stride), experts: nil)
                    }
                    var experts = sotto_expert_rows(
                        experts: Int64(starts.count - 1), starts: starts.baseAddress,
                        sources: rows.sources == nil ? nil : sources.baseAddress)
                    let done = sotto_project_experts(
                        compute.raw, x, Int64(cols), Int64(xRows), &experts, projections, Int32(groups.count))
                    #expect(done)
                    // Memory is predicted before a model is loaded; whole pages are allocated.
                    let predicted = sotto_project_experts_scratch_bytes(
                        compute.isa, projections, Int32(groups.count), Int64(xRows), Int64(rows.total),
                        experts.experts, rows.sources != nil)
                    #expect(sotto_compute_scratch_bytes(compute.raw) <= predicted + 4095)
                }
            }
        }
        return out
    }

    /// What each expert computes from its rows on its own.
    private func expected(_ groups: [Experts], _ rows: ExpertRows, x: [Float], isa: sotto_isa) throws -> [Float] {
        let compute = try #require(Compute(isa: isa))
        let stride = groups.map(\.rows).reduce(0, +), cols = groups[0].weights.cols
        var out = [Float](repeating: .nan, count: rows.total * stride)
        for expert in 0..<groups[0].experts {
            let range = Int(rows.starts[expert])..<Int(rows.starts[expert + 1])
            guard !range.isEmpty else { continue }
            let inputs = range.flatMap { x[rows.source($0) * cols..<(rows.source($0) + 1) * cols] }
            var start = 0
            for group in groups {
                var product = [Float](repeating: .nan, count: range.count * group.rows)
                let bias = Array(group.bias[expert * group.rows..<(expert + 1) * group.rows])
                bias.withUnsafeBufferPointer { bias in
                    product.withUnsafeMutableBufferPointer { product in
                        var projection = sotto_projection(
                            weights: group.matrix(expert), bias: bias.baseAddress, out: product.baseAddress,
                            out_stride: Int64(group.rows), experts: nil)
                        #expect(
                            sotto_project(compute.raw, inputs, Int64(cols), Int64(range.count), &projection, 1))
                    }
                }
                for (n, row) in range.enumerated() {
                    out.replaceSubrange(
                        row * stride + start..<row * stride + start + group.rows,
                        with: product[n * group.rows..<(n + 1) * group.rows])
                }
                start += group.rows
            }
        }
        return out
    }

    /// From no rows to forty for an expert, some of which are the same row of x.
    @Test(arguments: formats.map(\.label), paths)
    func equalsTheProductsOfEachExpert(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 51)
        let counts = [0, 1, 3, 9, 0, 40, 2, 8, 13, 0], xRows = 20
        for cols in Weights.oddCols(format) {
            let groups = [37, 20].map {
                Experts(format, experts: counts.count, rows: $0, cols: cols, using: &random)
            }
            for threads: Int32 in [1, 3] {
                var rows = ExpertRows(counts: counts)
                let x = random.normals(rows.total * cols)
                #expect(
                    try project(groups, rows, x: x, xRows: rows.total, threads: threads, isa: isa)
                        == expected(groups, rows, x: x, isa: isa))
                rows.sources = (0..<rows.total).map { _ in Int32.random(in: 0..<Int32(xRows), using: &random) }
                #expect(
                    try project(groups, rows, x: x, xRows: xRows, threads: threads, isa: isa)
                        == expected(groups, rows, x: x, isa: isa))
            }
        }
    }

    /// Groups of different formats, float and quantized, that share an input; and more of them than threads.
    @Test(arguments: paths)
    func formatsShareTheirInput(isa: sotto_isa) throws {
        var random = Random(state: 52)
        let groups = try [12, 1, 8, 14, 30].map { id in
            Experts(try #require(sotto_format_find(id)?.pointee), experts: 6, rows: 24, cols: 512, using: &random)
        }
        let rows = ExpertRows(chosen: (0..<30).map { [$0 % 2, 2 + $0 % 17 % 4] }, experts: 6)
        let x = random.normals(30 * 512)
        #expect(
            try project(groups, rows, x: x, xRows: 30, isa: isa) == expected(groups, rows, x: x, isa: isa))
    }

    /// More rows than one pass has, and an expert with more than a part has.
    @Test(arguments: paths)
    func manyRowsAreComputedInPasses(isa: sotto_isa) throws {
        var random = Random(state: 53)
        let group = Experts(
            try #require(sotto_format_find(8)?.pointee), experts: 6, rows: 16, cols: 32, using: &random)
        var rows = ExpertRows(counts: [400, 0, 1_030, 300, 500, 7])
        let x = random.normals(rows.total * 32)
        #expect(
            try project([group], rows, x: x, xRows: rows.total, isa: isa)
                == expected([group], rows, x: x, isa: isa))
        rows.sources = (0..<rows.total).map { _ in Int32.random(in: 0..<1_500, using: &random) }
        #expect(
            try project([group], rows, x: x, xRows: 1_500, isa: isa) == expected([group], rows, x: x, isa: isa))
    }

    /// Speculative decoding relies on this: drafted tokens, which choose experts of their own, must not change the
    /// results of others.
    @Test(arguments: formats.map(\.label), paths)
    func resultsAreBatchInvariant(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 54)
        let compute = try #require(Compute(isa: isa))
        let most = Int(sotto_batch_invariant_tokens(compute.raw, 1)), cols = Weights.oddCols(format)[1], used = 3
        let group = Experts(format, experts: 8, rows: 21, cols: cols, using: &random)
        let chosen = (0..<most).map { _ in Array(Array(0..<8).shuffled(using: &random)[..<used]).sorted() }
        let x = random.normals(most * cols)
        let rows = ExpertRows(chosen: chosen, experts: 8)
        let together = try project([group], rows, x: x, xRows: most, isa: isa)
        for token in 0..<most {
            let alone = try project(
                [group], ExpertRows(chosen: [chosen[token]], experts: 8),
                x: Array(x[token * cols..<(token + 1) * cols]), xRows: 1, isa: isa)
            let own = (0..<rows.total).filter { rows.source($0) == token }
            #expect(own.flatMap { together[$0 * 21..<($0 + 1) * 21] } == alone)
        }
    }

    /// A stack of matrices is interleaved as one matrix.
    @Test(.enabled(if: !InterleavedFormat.all.isEmpty), arguments: InterleavedFormat.all)
    func interleavedCopiesGiveTheSameBits(_ interleaved: InterleavedFormat) throws {
        let format = try interleaved.find()
        var random = Random(state: 55)
        let compute = try #require(Compute(threads: 3, isa: interleaved.isa))
        let counts = [2, 0, 1, 20, 8]
        let group = Experts(format, experts: counts.count, rows: 48, cols: 512, using: &random)
        let copy = try #require(InterleavedCopy(of: group.weights, on: compute))
        let rows = ExpertRows(counts: counts)
        let x = random.normals(rows.total * 512)
        #expect(
            try project([group], rows, x: x, xRows: rows.total, as: [copy.matrix], isa: interleaved.isa)
                == expected([group], rows, x: x, isa: interleaved.isa))
    }

    @Test(arguments: paths)
    func nothingIsWrittenWithoutRows(isa: sotto_isa) throws {
        var random = Random(state: 56)
        let group = Experts(
            try #require(sotto_format_find(8)?.pointee), experts: 3, rows: 16, cols: 32, using: &random)
        #expect(try project([group], ExpertRows(counts: [0, 0, 0]), x: [0], xRows: 0, isa: isa).isEmpty)
    }
}
