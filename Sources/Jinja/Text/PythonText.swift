/// Values as Python prints them: `str()` for output, `repr()` for elements of containers.
extension Interpreter {
    /// `str(value)`.
    func text(of value: JinjaValue) throws(JinjaError) -> JinjaString {
        switch value {
        case .string(let text): return text
        case .undefined: return JinjaString()
        default:
            var result = JinjaString()
            try appendRepresentation(of: value, to: &result)
            try charge(length: result.count)
            return result
        }
    }

    /// `repr(value)`.
    func representation(of value: JinjaValue) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        try appendRepresentation(of: value, to: &result)
        try charge(length: result.count)
        return result
    }

    private func appendRepresentation(of value: JinjaValue, to result: inout JinjaString) throws(JinjaError) {
        try charge(4)
        switch value {
        case .undefined: result.append(literal: "Undefined")
        case .none: result.append(literal: "None")
        case .bool(let value): result.append(literal: value ? "True" : "False")
        case .int(let value): result.append(literal: String(value))
        case .float(let value): result.append(literal: Numbers.text(value))
        case .string(let text):
            try charge(adding: text, to: result)
            result.append(text.quoted)
        case .sequence(let sequence): try appendSequence(sequence, to: &result)
        case .dict(let dict): try appendDict(dict, to: &result)
        case .function(let function): result.append(literal: "<function \(function.name)>")
        case .object(let object): try appendObject(object, to: &result)
        }
    }

    private func appendSequence(_ sequence: JinjaSequence, to result: inout JinjaString) throws(JinjaError) {
        let (open, close) =
            switch sequence.kind {
            case .list: ("[", "]")
            case .tuple: ("(", sequence.count == 1 ? ",)" : ")")
            case .view: ("dict_view([", "])")
            case .iterator: ("<generator [", "]>")
            }
        result.append(literal: open)
        try nested { () throws(JinjaError) in
            for (index, element) in sequence.elements.enumerated() {
                if index > 0 { result.append(literal: ", ") }
                try appendRepresentation(of: element, to: &result)
            }
        }
        result.append(literal: close)
    }

    private func appendDict(_ dict: JinjaDict, to result: inout JinjaString) throws(JinjaError) {
        result.append(literal: "{")
        try nested { () throws(JinjaError) in
            for (index, entry) in dict.entries.enumerated() {
                if index > 0 { result.append(literal: ", ") }
                try appendRepresentation(of: entry.key, to: &result)
                result.append(literal: ": ")
                try appendRepresentation(of: entry.value, to: &result)
            }
        }
        result.append(literal: "}")
    }

    private func appendObject(_ object: JinjaObject, to result: inout JinjaString) throws(JinjaError) {
        switch self[object] {
        case .namespace(let attributes):
            result.append(literal: "<Namespace ")
            try appendDict(attributes, to: &result)
            result.append(literal: ">")
        case .macro(let macro, _): result.append(literal: "<Macro '\(macro.name)'>")
        case .loop(let state): result.append(literal: "<LoopContext \(state.index + 1)/\(state.elements.count)>")
        default: result.append(literal: "<\(object.kind.rawValue)>")
        }
    }
}

extension JinjaString {
    /// The string as a Python literal: in quotes, with non-printable characters escaped.
    var quoted: JinjaString {
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var result = JinjaString()
        result.append(quote, trusted: true)
        result.append(mapScalars { $0.escaped(in: quote) })
        result.append(quote, trusted: true)
        return result
    }
}

extension Unicode.Scalar {
    private static let shortEscapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"]

    fileprivate func escaped(in quote: Unicode.Scalar) -> String {
        if let escape = Self.shortEscapes[self] { return escape }
        if self == quote { return "\\" + String(self) }
        if isASCII ? (0x20..<0x7F).contains(value) : isPrintable { return String(self) }
        switch value {
        case ..<0x100: return "\\x" + value.hexadecimal(digits: 2)
        case ..<0x10000: return "\\u" + value.hexadecimal(digits: 4)
        default: return "\\U" + value.hexadecimal(digits: 8)
        }
    }
}

extension UInt32 {
    /// Lower-case hexadecimal, padded with zeros to `digits`.
    func hexadecimal(digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
