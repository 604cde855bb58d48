import CKernels
import GGUF

/// A tensor of a checkpoint as a GGUF file has it.
struct ConvertedTensor {
    var name: String
    let view: TensorView
    /// The dimensions in the file; nil for those of the checkpoint.
    var shape: [Int]?
    /// Which row of the checkpoint comes where; nil for the same order.
    var order: ElementPlaces?
    /// The same for the elements of each row.
    var columns: ElementPlaces?
    /// The first or the second half of the rows of each expert; nil for all.
    var half: Int?
    /// Part of a matrix that expands latent vectors; nil for all.
    var latentPart: LatentExpansionPart?
    /// What an adapter adds to the matrix.
    var change: MatrixChange?
    /// Of each matrix of a stack; empty for none.
    var factors: [Float] = []

    var dimensions: [Int] {
        if let latentPart { return latentPart.dimensions }
        guard half != nil else { return shape ?? view.dimensions }
        var dimensions = view.dimensions
        // Of biases, the rows are the contiguous dimension.
        dimensions[dimensions.count > 2 ? 1 : 0] /= 2
        return dimensions
    }
    var elementCount: Int { dimensions.reduce(1, *) }
    var cols: Int { dimensions.count > 1 ? dimensions[0] : elementCount }
    var rows: Int { cols > 0 ? elementCount / cols : 0 }

    private var whole: ConvertedTensor {
        var whole = self
        whole.latentPart = nil
        return whole
    }

    /// A function that writes a row as floats. Throws if the type has no kernels.
    ///
    /// A vector is one row.
    func reader() throws(QuantizationError) -> @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void {
        if let latentPart { return latentPart.reader(try whole.reader()) }
        guard let type = QuantizedType(id: view.type.id) else {
            throw .unreadableType(tensor: view.name, type: view.type.name)
        }
        let (cols, offset, order, half, change, factors) = (cols, view.offset, order, half, change, factors)
        let columns = columns
        let matrixRows = view.dimensions.count > 1 ? view.dimensions[1] : 1
        let isVector = dimensions.count < 2
        // Of each half. The biases of all experts are a matrix with two rows for each.
        let perExpert = dimensions.count > 2 ? dimensions[1] : 1
        let count = view.elementCount / max(1, cols)
        var parts = [view.bytes]
        if case .parts(let all) = view.content { parts = all }
        // The mapping is read-only and exists as long as the checkpoint.
        nonisolated(unsafe) let places = parts.map(\.baseAddress)
        let perPart = max(1, count / max(1, places.count))
        let rowBytes = cols / type.blockElements * type.blockBytes
        return { row, floats in
            // A vector's elements are in the order of its matrix's rows.
            var from = isVector ? row : order?.source(of: row) ?? row
            if let half { from += (row / perExpert + half) * perExpert }
            guard let place = places[min(from / perPart, places.count - 1)] else { return }
            type.dequantize(place + from % perPart * rowBytes, to: floats)
            if let places = isVector ? order : columns {
                let plain = Array(floats)
                for index in floats.indices { floats[index] = plain[places.source(of: index)] }
            }
            if offset != 0 { for index in floats.indices { floats[index] += offset } }
            if !factors.isEmpty {
                let factor = factors[min(from / max(1, matrixRows), factors.count - 1)]
                for index in floats.indices { floats[index] *= factor }
            }
            change?.add(row: from, to: floats)
        }
    }
}
