/// Reads the parts of a model that say what it takes, returns and contains. (onnx/onnx.proto)
struct ONNXParser {
    private(set) var graph = ONNXGraph()
    /// The version of each set of operators, by domain.
    private(set) var operatorSets: [String: Int] = [:]
    private let file: ProtobufFile

    static let mostNodes = 1 << 20
    static let mostTensors = 1 << 20
    static let mostDepth = 16
    /// Inputs and outputs of the model, or of a node.
    static let mostValues = 1 << 16

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(ONNXError) {
        file = ProtobufFile(bytes, path: path)
        var model = ProtobufReader(file, 0..<bytes.count, message: "ModelProto")
        var hasGraph = false
        while let field = try model.next() {
            switch field.number {
            case 7:
                hasGraph = true
                try readGraph(try model.reader(field, "GraphProto"), depth: 0)
            case 8: try readOperatorSet(try model.reader(field, "OperatorSetIdProto"))
            case 25: try readFunction(try model.reader(field, "FunctionProto"))
            default: break
            }
        }
        guard hasGraph else { throw ONNXError(.noGraph, path: path) }
        // Old files list initializers among the inputs, because a caller could replace them.
        let names = Set(graph.tensors.map(\.name))
        graph.inputs.removeAll { names.contains($0.name) }
    }

    private mutating func readOperatorSet(_ reader: ProtobufReader) throws(ONNXError) {
        var (reader, domain, version) = (reader, "", 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: domain = try reader.text(field)
            case 2: version = try reader.integer(field)
            default: break
            }
        }
        guard operatorSets.count < 64 else { return }
        operatorSets[domain] = version
    }

    // MARK: Graphs

    /// - Parameter depth: 0 for the model's own graph.
    private mutating func readGraph(_ reader: ProtobufReader, depth: Int) throws(ONNXError) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: try readNode(try reader.reader(field, "NodeProto"), field, depth: depth)
            case 5: try add(try Self.tensor(try reader.reader(field, "TensorProto"), field), field, reader)
            case 11 where depth == 0: try Self.append(reader, field, to: &graph.inputs)
            case 12 where depth == 0: try Self.append(reader, field, to: &graph.outputs)
            case 15: try readSparseTensor(try reader.reader(field, "SparseTensorProto"))
            default: break
            }
        }
    }

    private static func append(
        _ reader: ProtobufReader, _ field: ProtobufReader.Field, to list: inout [ONNXValue]
    ) throws(ONNXError) {
        guard list.count < mostValues else { throw reader.error(.tooMany(most: mostValues), field) }
        list.append(try value(try reader.reader(field, "ValueInfoProto")))
    }

    private mutating func add(
        _ tensor: ONNXTensor, _ field: ProtobufReader.Field, _ reader: ProtobufReader
    ) throws(ONNXError) {
        guard graph.tensors.count < Self.mostTensors else {
            throw reader.error(.tooMany(most: Self.mostTensors), field)
        }
        graph.tensors.append(tensor)
    }

    private mutating func readFunction(_ reader: ProtobufReader) throws(ONNXError) {
        var reader = reader
        while let field = try reader.next() {
            guard field.number == 7 else { continue }
            try readNode(try reader.reader(field, "NodeProto"), field, depth: 1)
        }
    }

    private mutating func readSparseTensor(_ reader: ProtobufReader) throws(ONNXError) {
        var reader = reader
        while let field = try reader.next() {
            guard (1...2).contains(field.number) else { continue }
            try add(try Self.tensor(try reader.reader(field, "TensorProto"), field), field, reader)
        }
    }

    // MARK: Nodes

    private mutating func readNode(
        _ reader: ProtobufReader, _ place: ProtobufReader.Field, depth: Int
    ) throws(ONNXError) {
        var (reader, inputs, outputs, name, operation) = (reader, [String](), [String](), "", "")
        var integers: [String: Int] = [:]
        while let field = try reader.next() {
            switch field.number {
            case 1, 2:
                guard inputs.count + outputs.count < Self.mostValues else {
                    throw reader.error(.tooMany(most: Self.mostValues), field)
                }
                let value = try reader.text(field)
                if field.number == 1 { inputs.append(value) } else { outputs.append(value) }
            case 3: name = try reader.text(field)
            case 4: operation = try reader.text(field)
            case 5:
                let attribute = try readAttribute(try reader.reader(field, "AttributeProto"), depth: depth)
                if let value = attribute.integer { integers[attribute.name] = value }
            default: break
            }
        }
        guard graph.nodes.count < Self.mostNodes else { throw reader.error(.tooMany(most: Self.mostNodes), place) }
        graph.nodes.append(
            ONNXNode(name: name, operation: operation, inputs: inputs, outputs: outputs, integers: integers))
    }

    /// Notes the tensors and graphs in an attribute.
    private mutating func readAttribute(
        _ reader: ProtobufReader, depth: Int
    ) throws(ONNXError) -> (name: String, integer: Int?) {
        var (reader, name, integer) = (reader, "", Int?.none)
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field)
            case 3: integer = try reader.integer(field)
            case 5, 10: try add(try Self.tensor(try reader.reader(field, "TensorProto"), field), field, reader)
            case 6, 11:
                guard depth < Self.mostDepth else { throw reader.error(.tooDeep(most: Self.mostDepth), field) }
                try readGraph(try reader.reader(field, "GraphProto"), depth: depth + 1)
            case 22, 23: try readSparseTensor(try reader.reader(field, "SparseTensorProto"))
            default: break
            }
        }
        return (name, integer)
    }

    // MARK: Values

    private static func value(_ reader: ProtobufReader) throws(ONNXError) -> ONNXValue {
        var (reader, name) = (reader, "")
        var (type, shape) = (ONNXElementType?.none, [ONNXValue.Dimension]?.none)
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field)
            case 2:
                var types = try reader.reader(field, "TypeProto")
                while let kind = try types.next() {
                    guard kind.number == 1 else { continue }
                    (type, shape) = try tensorType(try types.reader(kind, "TypeProto.Tensor"))
                }
            default: break
            }
        }
        return ONNXValue(name: name, type: type, shape: shape)
    }

    private static func tensorType(
        _ reader: ProtobufReader
    ) throws(ONNXError) -> (ONNXElementType?, [ONNXValue.Dimension]?) {
        var (reader, type, shape) = (reader, ONNXElementType?.none, [ONNXValue.Dimension]?.none)
        while let field = try reader.next() {
            switch field.number {
            case 1: type = ONNXElementType(rawValue: try reader.integer(field))
            case 2:
                var (dimensions, list) = (try reader.reader(field, "TensorShapeProto"), [ONNXValue.Dimension]())
                while let dimension = try dimensions.next() {
                    guard dimension.number == 1 else { continue }
                    guard list.count < ONNXTensor.mostDimensions else { throw reader.error(.badDimension, field) }
                    list.append(try self.dimension(try dimensions.reader(dimension, "TensorShapeProto.Dimension")))
                }
                shape = list
            default: break
            }
        }
        return (type, shape)
    }

    private static func dimension(_ reader: ProtobufReader) throws(ONNXError) -> ONNXValue.Dimension {
        var (reader, result) = (reader, ONNXValue.Dimension.symbol(""))
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let size = try reader.integer(field)
                guard size >= 0 else { throw reader.error(.badDimension, field) }
                result = .fixed(size)
            case 2: result = .symbol(try reader.text(field))
            default: break
            }
        }
        return result
    }

    // MARK: Tensors

    private static func tensor(
        _ reader: ProtobufReader, _ place: ProtobufReader.Field
    ) throws(ONNXError) -> ONNXTensor {
        var (reader, name, rawType, isExternal) = (reader, "", 0, false)
        var (dimensions, raw) = ([Int](), Int?.none)
        var external: [String: String] = [:]
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.append(field, to: &dimensions, most: ONNXTensor.mostDimensions)
            case 2: rawType = try reader.integer(field)
            case 8: name = try reader.text(field)
            case 9: raw = try reader.range(field).count
            case 13:
                guard external.count < 16 else { throw reader.error(.tooMany(most: 16), field) }
                let (key, value) = try entry(try reader.reader(field, "StringStringEntryProto"))
                external[key] = value
            case 14: isExternal = try reader.integer(field) == 1
            default: break
            }
        }
        let field = "tensor \"\(ONNXError.Problem.short(name))\""
        func error(_ problem: ONNXError.Problem) -> ONNXError {
            ONNXError(problem, field: field, offset: place.offset, path: reader.file.path)
        }
        guard let type = ONNXElementType(rawValue: rawType) else { throw error(.unknownElementType(rawType)) }
        guard dimensions.allSatisfy({ $0 >= 0 }) else { throw error(.badDimension) }
        var count = 1
        for dimension in dimensions {
            let product = count.multipliedReportingOverflow(by: dimension)
            guard !product.overflow, product.partialValue <= 1 << 48 else { throw error(.tooManyElements) }
            count = product.partialValue
        }
        var data = ONNXTensor.Place.inside
        if isExternal {
            func number(_ key: String) throws(ONNXError) -> Int? {
                guard let text = external[key] else { return nil }
                guard let value = Int(text), value >= 0 else {
                    throw ONNXError(
                        .wrongType(expected: "an integer from 0 on"), field: "\(field), \(key)", offset: place.offset,
                        path: reader.file.path)
                }
                return value
            }
            data = .external(
                ONNXExternalData(
                    location: external["location"] ?? "", offset: try number("offset") ?? 0,
                    length: try number("length")))
        }
        let tensor = ONNXTensor(
            name: name, type: type, dimensions: dimensions, elementCount: count, place: data, offset: place.offset)
        if let raw, !isExternal, type != .string, raw != tensor.byteCount {
            throw error(.wrongByteCount(raw, expected: tensor.byteCount))
        }
        return tensor
    }

    private static func entry(_ reader: ProtobufReader) throws(ONNXError) -> (String, String) {
        var (reader, key, value) = (reader, "", "")
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try reader.text(field)
            case 2: value = try reader.text(field)
            default: break
            }
        }
        return (key, value)
    }
}
