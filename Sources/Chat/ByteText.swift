/// Byte counts for people.
public enum ByteText {
    /// In decimal units: "512 B", "4.1 GB", "93 MB".
    public static func size(_ bytes: Int) -> String {
        var value = Double(max(0, bytes))
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 999.5 { return "\(number(value, isWhole: unit == "B")) \(unit)" }
            value /= 1000
        }
        return "\(number(value, isWhole: false)) TB"
    }

    /// With one decimal place if the value is small.
    private static func number(_ value: Double, isWhole: Bool) -> String {
        guard !isWhole, value < 9.95 else { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
