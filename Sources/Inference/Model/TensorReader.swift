import CKernels
import GGUF

/// Finds a source's tensors by role and checks their shapes.
struct TensorReader {
    let source: any ModelSource
    /// Changes of the matrices that `linear` and `split` read.
    var adapters: [LoRAAdapter] = []
    /// Without reading, vectors are zero.
    var readsTensors = true

    func has(_ role: TensorRole) -> Bool { source.tensor(role, .weight) != nil }

    /// What a matrix's scale applies to.
    enum ScaleUse {
        case nothing
        /// The product, without the bias.
        case product
        /// The sum of product and bias.
        case sum
    }

    /// A matrix with its bias and scale, if they exist.
    func linear(
        _ role: TensorRole, rows: Int, cols: Int, scale use: ScaleUse = .product, hasBias: Bool = true
    ) throws(ModelError) -> Linear {
        let scale = use == .nothing ? 1 : try multipliers(role, .scale, atLeast: 1)?[0] ?? 1
        let tensor = try find(role, .weight)
        return Linear(
            matrix: try tensor.matrix(rows: rows, cols: cols, isRead: readsTensors),
            bias: hasBias ? try bias(role, count: rows, divisor: use == .product ? scale : 1) : nil, scale: scale,
            updates: try updates(of: tensor.name, rows: rows, cols: cols))
    }

    private func updates(of tensor: String, rows: Int, cols: Int) throws(ModelError) -> [LowRankUpdate] {
        var updates: [LowRankUpdate] = []
        for adapter in adapters {
            if let update = try adapter.update(of: tensor, rows: rows, cols: cols) { updates.append(update) }
        }
        return updates
    }

    private func bias(_ role: TensorRole, count: Int, divisor: Float) throws(ModelError) -> FloatBuffer? {
        guard let bias = try optionalVector(role, .bias, count: count) else { return nil }
        for index in 0..<count { bias.base[index] /= divisor }
        return bias
    }

    /// Several matrices with the same input, from a tensor with all of their rows.
    ///
    /// - Parameter biases: the roles whose biases are used if the tensor has none of its own; one for each part, or none.
    func split(
        fused: TensorRole, biases: [TensorRole], rows: [Int], cols: Int, scale: ScaleUse = .nothing,
        hasBias: Bool = true
    ) throws(ModelError) -> [Linear] {
        let whole = try linear(fused, rows: rows.reduce(0, +), cols: cols, scale: scale, hasBias: hasBias)
        var first = 0
        var result: [Linear] = []
        for (index, count) in rows.enumerated() {
            let divisor = scale == .product ? whole.scale : 1
            let ownBias =
                hasBias && biases.indices.contains(index)
                ? try bias(biases[index], count: count, divisor: divisor) : nil
            result.append(
                Linear(
                    matrix: whole.matrix.slice(first, count), bias: whole.bias?.slice(first, count) ?? ownBias,
                    scale: whole.scale, updates: whole.updates.map { $0.slice(first, count) }))
            first += count
        }
        return result
    }

    /// A matrix for each of `count` experts, with their biases and scales, if they exist.
    func stack(
        _ role: TensorRole, rows: Int, cols: Int, count: Int, isScaled: Bool = false
    ) throws(ModelError) -> ExpertStack {
        let tensor = try find(role, .weight)
        let matrix = try tensor.stack(rows: rows, cols: cols, count: count, isRead: readsTensors)
        let scales = isScaled ? try multipliers(role, .scale, atLeast: count) : nil
        let bias = try source.tensor(role, .bias).map { (tensor) throws(ModelError) in
            try tensor.vector(rows: count, count: rows, isRead: readsTensors)
        }
        if let bias, let scales {
            // Scales apply to the products only.
            for index in 0..<count * rows { bias.base[index] /= scales[index / rows] }
        }
        var places: ExpertPlaces?
        if case .parts(let parts) = tensor.content { places = ExpertPlaces(parts.prefix(count)) }
        return ExpertStack(matrix: matrix, experts: count, places: places, bias: bias, scales: scales)
    }

    /// - Parameters:
    ///   - rows: nil accepts any number.
    ///   - least: the least number of rows if `rows` is nil.
    func matrix(
        _ role: TensorRole, rows: Int? = nil, atLeast least: Int = 1, cols: Int
    ) throws(ModelError) -> sotto_matrix {
        let matrix = try find(role, .weight).matrix(rows: rows, cols: cols, isRead: readsTensors)
        guard matrix.rows >= least else {
            throw .wrongShape(
                tensor: source.spelling(role, .weight), found: [cols, Int(matrix.rows)], expected: [cols, least])
        }
        return matrix
    }

    /// A norm with its weights and bias, as far as the model has them.
    func norm(_ role: TensorRole, _ config: ModelConfig.NormConfig, size: Int) throws(ModelError) -> Norm {
        guard config.hasWeights else { return Norm(config, size: size) }
        return Norm(
            isRMS: config.isRMS, epsilon: config.epsilon, size: size, weight: try vector(role, count: size),
            bias: config.hasBias ? try optionalVector(role, .bias, count: size) : nil)
    }

    /// A vector of any format, converted to floats.
    func vector(_ role: TensorRole, _ part: TensorPart = .weight, count: Int) throws(ModelError) -> FloatBuffer {
        try find(role, part).vector(count: count, isRead: readsTensors)
    }

    func optionalVector(
        _ role: TensorRole, _ part: TensorPart = .weight, count: Int
    ) throws(ModelError) -> FloatBuffer? {
        guard let tensor = source.tensor(role, part) else { return nil }
        return try tensor.vector(count: count, isRead: readsTensors)
    }

    /// Factors or divisors, or nil if the source has none.
    func multipliers(
        _ role: TensorRole, _ part: TensorPart = .weight, atLeast count: Int
    ) throws(ModelError) -> [Float]? {
        guard let tensor = source.tensor(role, part) else { return nil }
        guard let found = tensor.dimensions.first, found >= count, found <= 1 << 20 else {
            throw .wrongShape(tensor: tensor.name, found: tensor.dimensions, expected: [count])
        }
        guard readsTensors else { return Array(repeating: 1, count: found) }
        let buffer = try tensor.vector(count: found)
        let values = Array(UnsafeBufferPointer(start: buffer.base, count: found))
        guard values.allSatisfy({ $0 != 0 && $0.isFinite }) else {
            throw .invalidMetadata(
                key: source.spelling(role, part), found: "zero or not finite", expected: "finite and not zero")
        }
        return values
    }

    private func find(_ role: TensorRole, _ part: TensorPart) throws(ModelError) -> TensorView {
        guard let tensor = source.tensor(role, part) else { throw .missingTensor(source.spelling(role, part)) }
        return tensor
    }
}

extension TensorView {
    /// The tensor as a matrix.
    ///
    /// - Parameters:
    ///   - rows: nil accepts any number.
    ///   - isRead: false for a matrix that is only checked.
    func matrix(rows: Int? = nil, cols: Int, isRead: Bool = true) throws(ModelError) -> sotto_matrix {
        let found = dimensions.count > 1 ? dimensions[1] : 1
        guard dimensions.first == cols, found == rows ?? found, dimensions.dropFirst(2).allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [cols, rows ?? found])
        }
        return sotto_matrix(
            format: try format(), data: try address(isRead: isRead), rows: Int64(found), cols: Int64(cols))
    }

    /// The tensor as a vector of floats, however its elements are arranged.
    ///
    /// - Parameter isRead: false returns zeros.
    func vector(count: Int, isRead: Bool = true) throws(ModelError) -> FloatBuffer {
        guard elementCount == count else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [count])
        }
        let (format, data) = (try format(), try address(isRead: isRead))
        let result = FloatBuffer(count: count)
        if isRead {
            var parts = [data]
            if case .parts(let all) = content { parts = all.compactMap(\.baseAddress) }
            let size = count / max(1, parts.count)
            for (index, part) in parts.enumerated() {
                format.pointee.dequantize(part, result.base + index * size, size)
            }
        }
        if isRead, offset != 0 { for index in 0..<count { result.base[index] += offset } }
        return result
    }

    /// The tensor as rows · count floats.
    func vector(rows: Int, count: Int, isRead: Bool) throws(ModelError) -> FloatBuffer {
        guard dimensions.first == count, elementCount == rows * count else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [count, rows])
        }
        return try vector(count: rows * count, isRead: isRead)
    }

    /// The first of `count` matrices, one after the other.
    func stack(rows: Int, cols: Int, count: Int, isRead: Bool = true) throws(ModelError) -> sotto_matrix {
        let found = dimensions + Array(repeating: 1, count: max(0, 3 - dimensions.count))
        guard found.prefix(3) == [cols, rows, count], found.dropFirst(3).allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [cols, rows, count])
        }
        return sotto_matrix(
            format: try format(), data: try address(isRead: isRead), rows: Int64(rows), cols: Int64(cols))
    }

    /// Where the elements are. Derived tensors are made here, but not for a check.
    private func address(isRead: Bool) throws(ModelError) -> UnsafeRawPointer {
        guard let data = bytes(isRead: isRead).baseAddress else { throw .missingTensor(name) }
        return data
    }

    private func format() throws(ModelError) -> UnsafePointer<sotto_format> {
        guard let format = sotto_format_find(type.id) else {
            throw .unsupportedFormat(tensor: name, format: type.name)
        }
        return format
    }
}

extension sotto_matrix {
    /// `count` rows starting at `first`.
    fileprivate func slice(_ first: Int, _ count: Int) -> sotto_matrix {
        var part = self
        part.data += first * Int(cols) / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes)
        part.rows = Int64(count)
        return part
    }
}

extension LowRankUpdate {
    fileprivate func slice(_ first: Int, _ count: Int) -> LowRankUpdate {
        LowRankUpdate(a: a, b: b.slice(first, count), scale: scale)
    }
}

extension FloatBuffer {
    convenience init(_ values: [Float]) {
        self.init(count: values.count)
        base.update(from: values, count: values.count)
    }

    /// Each element so many times.
    func repeated(_ times: Int) -> FloatBuffer {
        let result = FloatBuffer(count: count * times)
        for index in 0..<count * times { result.base[index] = base[index / times] }
        return result
    }

    /// A copy of `count` floats starting at `first`.
    func slice(_ first: Int, _ count: Int) -> FloatBuffer {
        let result = FloatBuffer(count: count)
        result.base.update(from: base + first, count: count)
        return result
    }
}
