import CKernels

/// A matrix for each expert, one after the other or in several places.
struct ExpertStack {
    /// That of the first expert, pointing into the mapped file.
    let matrix: sotto_matrix
    let experts: Int
    /// Where the matrices are if they are not one after the other.
    var places: ExpertPlaces?
    /// [experts][rows]
    let bias: FloatBuffer?
    /// Of the products. [experts]
    let scales: [Float]?

    var byteCount: Int { experts * matrix.byteCount }

    /// The matrices, each for itself.
    var linears: [Linear] {
        (0..<experts).map { expert in
            var own = matrix
            own.data = places?.base[expert] ?? own.data + expert * matrix.byteCount
            return Linear(matrix: own, bias: nil)
        }
    }
    var rows: Int { Int(matrix.rows) }
}

/// The addresses of matrices.
///
/// `@unchecked Sendable`: they are written once, by the initialiser.
final class ExpertPlaces: @unchecked Sendable {
    /// [experts]
    let base: UnsafeMutablePointer<UnsafeRawPointer?>

    init(_ parts: some Collection<UnsafeRawBufferPointer>) {
        base = .allocate(capacity: max(1, parts.count))
        for (index, part) in parts.enumerated() { base[index] = part.baseAddress }
    }

    deinit { base.deallocate() }
}

/// Which rows of a product with experts belong to which expert: the tokens of a pass are grouped by expert, so that each
/// expert's weights are read once.
struct ExpertRows {
    /// Rows starts[e] ..< starts[e + 1] are of expert e. [experts + 1]
    private(set) var starts: [Int64]
    /// The token of each row. [tokens · used]
    private(set) var tokens: [Int32]
    /// The row of each token's choices. [tokens · used]
    private(set) var slots: [Int32]

    /// - Parameter chosen: [tokens · used]
    init(chosen: [Int32], used: Int, experts: Int) {
        starts = [Int64](repeating: 0, count: experts + 1)
        for expert in chosen { starts[Int(expert) + 1] += 1 }
        for expert in 0..<experts { starts[expert + 1] += starts[expert] }
        var next = starts
        tokens = [Int32](repeating: 0, count: chosen.count)
        slots = tokens
        for (index, expert) in chosen.enumerated() {
            let row = Int(next[Int(expert)])
            next[Int(expert)] += 1
            tokens[row] = Int32(index / used)
            slots[index] = Int32(row)
        }
    }

    var count: Int { tokens.count }

    /// A value for each row, from those of its expert.
    func spread(_ values: [Float], into rows: UnsafeMutablePointer<Float>) {
        for (expert, value) in values.enumerated() {
            for row in starts[expert]..<starts[expert + 1] { rows[Int(row)] = value }
        }
    }
}

extension Workspace {
    /// out = W[expert]·x for each stack; each output is [rows][stride], with rows grouped by expert.
    ///
    /// - Parameters:
    ///   - x: [tokens][stride], or [rows][stride] if `isGrouped`.
    ///   - outputs: stacks of the same number of columns, with the floats from one row of the output to the next.
    func project(
        _ x: UnsafePointer<Float>, stride: Int, _ rows: ExpertRows, isGrouped: Bool,
        _ outputs: [(stack: ExpertStack, out: FloatBuffer, stride: Int)]
    ) throws(EngineError) {
        for output in outputs {
            observer?.observe(
                output.stack.matrix, x, stride: stride, count: rows.count, rows: rows, isGrouped: isGrouped)
        }
        let projections = outputs.map { output in
            sotto_projection(
                weights: interleaved.matrix(for: output.stack.matrix),
                bias: output.stack.bias.map { UnsafePointer($0.base) }, out: output.out.base,
                out_stride: Int64(output.stride), experts: output.stack.places.map { UnsafePointer($0.base) })
        }
        let isDone = rows.starts.withUnsafeBufferPointer { starts in
            rows.tokens.withUnsafeBufferPointer { tokens in
                var grouping = sotto_expert_rows(
                    experts: Int64(starts.count - 1), starts: starts.baseAddress,
                    sources: isGrouped ? nil : tokens.baseAddress)
                return sotto_project_experts(
                    compute.handle, x, Int64(stride), Int64(isGrouped ? rows.count : count), &grouping, projections,
                    Int32(projections.count))
            }
        }
        guard isDone else { throw .scratchUnavailable }
        for output in outputs {
            guard let scales = output.stack.scales else { continue }
            let factors = self[.factors].base
            rows.spread(scales, into: factors)
            // Rows may be parts of longer ones.
            for row in 0..<rows.count {
                sotto_scale(
                    compute.handle, factors[row], output.out.base + row * output.stride, output.stack.matrix.rows)
            }
        }
    }
}
