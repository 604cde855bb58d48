import GGUF

/// Finds the groups of tensors that together are one matrix with few bits per weight, and makes one tensor of each.
///
/// | form | tensors | becomes |
/// | --- | --- | --- |
/// | FP8 | `weight` (E4M3) with `weight_scale_inv` or `weight_scale` | `weight`, F8_E4M3 with a scale in each block |
/// | MXFP4 | `…_blocks`, `…_scales` | the name without ending, MXFP4 |
/// | NVFP4 | `weight` or `weight_packed` with `weight_scale` (E4M3) and a factor of the matrix | `weight`, NVFP4; `scale` |
/// | GPTQ | `qweight` (along the input), `qzeros`, `scales`, `g_idx` | `weight`, Q4_0, Q4_1 or F16 |
/// | AWQ | `qweight` (along the output), `qzeros`, `scales` | `weight`, Q4_1 |
struct PackedTensors {
    private let config: QuantizationConfig
    private let views: [String: TensorView]
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    /// - Parameter release: lets the system have the memory of mapped bytes.
    init(
        _ views: [String: TensorView], _ config: QuantizationConfig,
        release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        (self.views, self.config, self.release) = (views, config, release)
    }

    /// Tensors that only describe others: their endings.
    private static let parts = [
        "_scales", ".qzeros", ".scales", ".g_idx", ".weight_scale", ".weight_scale_inv", ".weight_scale_2",
        ".weight_global_scale", ".input_scale", ".input_global_scale",
    ]

    /// A tensor with what is made of it and of those that belong to it: itself for an ordinary one, nothing for one that
    /// belongs to another.
    func unpacked(_ view: TensorView) throws(CheckpointError) -> [TensorView] {
        let name = view.name
        // Of something empty, the other dimensions can be any number.
        guard view.elementCount > 0 else { return [view] }
        if let base = stem(name, ".qweight") { return [try integers(base, view)] }
        if let base = stem(name, "_blocks"), let scales = views["\(base)_scales"], view.type.name == "U8" {
            return [try microscaled(base, view, scales)]
        }
        for ending in [".weight", ".weight_packed"] {
            guard let base = stem(name, ending), let scale = scale(of: base) else { continue }
            if view.type.name == "U8", scale.type.name == "F8_E4M3" { return try smallFloats(base, view, scale) }
            if view.type.name == "F8_E4M3", ending == ".weight" { return [try eightBitFloats(base, view, scale)] }
        }
        if let ending = Self.parts.first(where: name.hasSuffix), belongs(String(name.dropLast(ending.count))) {
            return []
        }
        return [view]
    }

    private func stem(_ name: String, _ ending: String) -> String? {
        name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : nil
    }

    private func scale(of base: String) -> TensorView? {
        [".weight_scale_inv", ".weight_scale"].lazy.compactMap { views[base + $0] }.first { $0.elementCount > 0 }
    }

    /// Whether there are packed weights of that name.
    private func belongs(_ base: String) -> Bool {
        views["\(base).qweight"] != nil || views["\(base)_blocks"] != nil || scale(of: base) != nil
    }

    private func error(_ view: TensorView, _ reason: String) -> CheckpointError { .packing(view.name, reason: reason) }

    private func derived(
        _ name: String, _ type: TensorType, _ dimensions: [Int], from origins: [TensorView],
        write: @escaping DerivedTensor.Write
    ) -> TensorView {
        DerivedTensor(name, type, dimensions, from: origins, release: release, write: write).view
    }

    // MARK: Floats

    /// (OCP 8-bit floating point specification, E4M3; scales as DeepSeek-V3 has published them)
    private func eightBitFloats(
        _ base: String, _ view: TensorView, _ scale: TensorView
    ) throws(CheckpointError) -> TensorView {
        guard view.dimensions.count == 2 else { throw error(view, "FP8 must have two dimensions") }
        let (cols, rows) = (view.dimensions[0], view.dimensions[1])
        guard cols.isMultiple(of: PackedRows.f8Group) else {
            throw error(view, "FP8 must have a multiple of \(PackedRows.f8Group) columns, not \(cols)")
        }
        let shape = scale.elementCount == 1 ? [1, 1] : scale.dimensions + [1]
        let (across, down) =
            scale.dimensions.count == 1 && rows == scale.dimensions[0] ? (1, rows) : (shape[0], shape[1])
        let block = (
            rows: down == 1 ? rows : down == rows ? 1 : config.blockSize.rows,
            cols: across == 1 ? cols : config.blockSize.cols
        )
        guard down == (rows + block.rows - 1) / max(1, block.rows),
            across == (cols + block.cols - 1) / max(1, block.cols),
            across == 1 || block.cols.isMultiple(of: PackedRows.f8Group),
            ["F32", "BF16", "F16"].contains(scale.type.name)
        else {
            throw error(
                scale,
                "must have a scale for the matrix, each row, or each block of "
                    + "\(config.blockSize.rows) × \(config.blockSize.cols) weights")
        }
        return derived("\(base).weight", .f8e4m3, [cols, rows], from: [view]) { target in
            let scales = scale.floats
            PackedRows.f8(view.bytes, cols: cols, rows: rows, in: target) { row, col in
                scales[row / block.rows * across + col / block.cols]
            }
        }
    }

    /// (OCP microscaling formats specification, MXFP4)
    private func microscaled(
        _ name: String, _ view: TensorView, _ scales: TensorView
    ) throws(CheckpointError) -> TensorView {
        let shape = view.dimensions
        guard shape.count > 2, shape[0] == 16, Array(shape.dropFirst()) == scales.dimensions, scales.type.name == "U8"
        else { throw error(view, "MXFP4 must have 16 bytes for each scale") }
        return derived(name, .named("MXFP4"), [shape[1] * 32] + shape.dropFirst(2), from: [view, scales]) { target in
            PackedRows.mxfp4(view.bytes, scales: scales.bytes, in: target)
        }
    }

    private func smallFloats(
        _ base: String, _ view: TensorView, _ scale: TensorView
    ) throws(CheckpointError) -> [TensorView] {
        guard view.dimensions.count == 2, scale.dimensions.count == 2, view.dimensions[1] == scale.dimensions[1],
            view.dimensions[0] == scale.dimensions[0] * 8
        else { throw error(view, "NVFP4 must have a scale for each 16 weights of a row") }
        let (cols, rows) = (view.dimensions[0] * 2, view.dimensions[1])
        guard cols.isMultiple(of: 64) else {
            throw error(view, "NVFP4 must have a multiple of 64 columns, not \(cols)")
        }
        // Of the matrix; the libraries that write such files disagree about which of the two it is.
        let factor = number("\(base).weight_scale_2") ?? number("\(base).weight_global_scale").map { 1 / $0 } ?? 1
        guard factor.isFinite, factor != 0 else { throw error(view, "the factor of the matrix must be finite") }
        return [
            derived("\(base).weight", .named("NVFP4"), [cols, rows], from: [view, scale]) { target in
                PackedRows.nvfp4(view.bytes, scales: scale.bytes, in: target)
            },
            DerivedTensor([factor], name: "\(base).scale").view,
        ]
    }

    private func number(_ name: String) -> Float? {
        guard let view = views[name], view.elementCount == 1, view.type.name == "F32" else { return nil }
        return view.floats.first
    }

    // MARK: Integers

    /// GPTQ (Frantar et al. 2022) and AWQ (Lin et al. 2023), in the layouts of AutoGPTQ and AutoAWQ.
    private func integers(_ base: String, _ view: TensorView) throws(CheckpointError) -> TensorView {
        guard config.bits ?? 4 == 4 else { throw error(view, "must have 4 bits per weight, not \(config.bits ?? 0)") }
        guard config.method == "gptq" || config.method == "awq" else {
            throw error(view, "quant_method must be gptq or awq, not \"\(config.method)\"")
        }
        guard let zeros = views["\(base).qzeros"], let scales = views["\(base).scales"],
            view.type.name == "I32", zeros.type.name == "I32", scales.type.name == "F16" || scales.type.name == "BF16",
            view.dimensions.count == 2, zeros.dimensions.count == 2, scales.dimensions.count == 2,
            zeros.elementCount > 0, scales.elementCount > 0
        else { throw error(view, "must have qzeros and scales beside it") }
        let isGPTQ = config.method == "gptq"
        let rows = scales.dimensions[0]
        let cols = isGPTQ ? view.dimensions[1] * 8 : view.dimensions[1]
        let groups = scales.dimensions[1]
        let size = config.groupSize ?? cols
        guard view.dimensions[0] * (isGPTQ ? 1 : 8) == rows, zeros.dimensions[0] * 8 == rows,
            zeros.dimensions[1] == groups, size > 0, groups == (cols + size - 1) / size
        else { throw error(view, "its shape does not fit qzeros and scales for groups of \(size)") }
        guard size.isMultiple(of: 32), cols.isMultiple(of: 32) else {
            throw error(view, "groups must have a multiple of 32 weights, not \(size)")
        }
        let order = config.hasGroupOrder ? views["\(base).g_idx"] : nil
        if let order, order.elementCount != cols || order.type.name != "I32" {
            throw error(order, "must have \(cols) integers")
        }
        let matrix = PackedIntegers(
            weights: view, zeros: zeros, scales: scales, groupOrder: order, rows: rows, cols: cols, groups: groups,
            groupSize: size, isAlongInput: isGPTQ, zeroOffset: isGPTQ ? config.zeroOffset : 0)
        let origins = [view, zeros, scales]
        if order != nil {
            return derived("\(base).weight", .named("F16"), [cols, rows], from: origins) { matrix.writeF16(to: $0) }
        }
        // Without zeros of their own, blocks have one number less.
        let type = TensorType.named(config.isSymmetric && matrix.isCentred ? "Q4_0" : "Q4_1")
        return derived("\(base).weight", type, [cols, rows], from: origins) {
            matrix.writeBlocks(to: $0, hasOffset: type.name == "Q4_1")
        }
    }
}

extension TensorView {
    /// All elements of a tensor without blocks; empty if its type cannot be read.
    var floats: [Float] {
        guard type.blockElements == 1, let format = QuantizedType(id: type.id), let data = bytes.baseAddress else {
            return []
        }
        var values = [Float](repeating: 0, count: elementCount)
        values.withUnsafeMutableBufferPointer { format.dequantize(data, to: $0) }
        return values
    }
}
