/// Byte counts for people.
package enum ByteText {
    /// In decimal units with three digits at most, such as "4.1 GB".
    package static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["bytes", "kB", "MB", "GB"] {
            if value < 999.5 { return "\(number(value, isWhole: unit == "bytes")) \(unit)" }
            value /= 1000
        }
        return "\(number(value, isWhole: false)) TB"
    }

    private static func number(_ value: Double, isWhole: Bool) -> String {
        guard !isWhole, value < 9.95 else { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
