/// `"{} has {count:>3}".format(name, count=2)`.
extension Interpreter {
    func format(_ format: JinjaString, _ arguments: Arguments) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        var position = 0
        var nextArgument = 0
        while let brace = format.scalars[position...].firstIndex(where: { $0 == "{" || $0 == "}" }) {
            result.append(format.slice(position..<brace))
            let isDoubled = brace + 1 < format.count && format.scalars[brace + 1] == format.scalars[brace]
            if isDoubled {
                result.append(format.slice(brace..<brace + 1))
                position = brace + 2
                continue
            }
            guard format.scalars[brace] == "{", let end = format.scalars[brace...].firstIndex(of: "}") else {
                throw JinjaError(.type, "'format': unmatched brace; write '{{' or '}}' for a literal one")
            }
            result.append(try replacement(format.scalars[(brace + 1)..<end], arguments, &nextArgument))
            try charge(length: result.count)
            position = end + 1
        }
        result.append(format.slice(position..<format.count))
        return result
    }

    /// The text of the replacement field `field[!conversion][:specification]`.
    private func replacement(
        _ field: ArraySlice<Unicode.Scalar>, _ arguments: Arguments, _ nextArgument: inout Int
    ) throws(JinjaError) -> JinjaString {
        let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let specification = try FormatSpecification(parts.count > 1 ? parts[1] : [])
        let head = parts[0].split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
        let value = try fieldValue(head[0], arguments, &nextArgument)
        if head.count > 1 {
            let conversion = Array(head[1])
            guard conversion == ["r"] || conversion == ["s"] else { throw FormatSpecification.invalid }
            return specification.format(string: try conversion == ["r"] ? representation(of: value) : text(of: value))
        }
        switch value {
        case .int, .float: return try specification.format(number: value)
        case .bool where specification.type != nil: return try specification.format(number: value)
        default: return specification.format(string: try text(of: value))
        }
    }

    /// The value of `name.attribute[item]`; without a name, the next argument.
    private func fieldValue(
        _ field: ArraySlice<Unicode.Scalar>, _ arguments: Arguments, _ nextArgument: inout Int
    ) throws(JinjaError) -> JinjaValue {
        let nameEnd = field.firstIndex { $0 == "." || $0 == "[" } ?? field.endIndex
        let name = JinjaString(scalars: Array(field[..<nameEnd]), trusted: true).text
        var value: JinjaValue
        if name.isEmpty || Int(name) != nil {
            let index = Int(name) ?? nextArgument
            nextArgument += 1
            guard arguments.positional.indices.contains(index) else {
                throw JinjaError(.type, "'format' has no argument \(index)")
            }
            value = arguments.positional[index]
        } else {
            guard let named = arguments.keywords.last(where: { $0.name == name }) else {
                throw JinjaError(.type, "'format' has no argument '\(name)'")
            }
            value = named.value
        }
        var rest = field[nameEnd...]
        while let opening = rest.popFirst() {
            let isItem = opening == "["
            let end = rest.firstIndex { isItem ? $0 == "]" : $0 == "." || $0 == "[" } ?? rest.endIndex
            let key = JinjaString(scalars: Array(rest[..<end]), trusted: true)
            rest = rest[end...]
            if isItem {
                value = try item(Int(key.text).map(JinjaValue.int) ?? .string(key), of: value)
                rest = rest.dropFirst()
            } else {
                value = try attribute(key, of: value)
            }
        }
        return value
    }
}
