import Foundation

/// The processor that the engine runs on, for version output and diagnostics.
public enum Processor {
    /// The model name that the system reports, such as "AMD Ryzen 9 7950X 16-Core Processor"; nil if it reports none
    /// (Linux on ARM).
    public static let name: String? = readName()

    #if canImport(Darwin)
        private static func readName() -> String? {
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
            return clean(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    #else
        private static func readName() -> String? {
            // The first processor's lines are enough; all of them can take tens of milliseconds with hundreds of cores.
            guard let file = FileHandle(forReadingAtPath: "/proc/cpuinfo"),
                let info = try? file.read(upToCount: 4096)
            else { return nil }
            return modelName(inCPUInfo: String(decoding: info, as: UTF8.self))
        }
    #endif

    /// The value of the first "model name" line of `/proc/cpuinfo`.
    static func modelName(inCPUInfo info: String) -> String? {
        for line in info.split(separator: "\n") where line.hasPrefix("model name") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return clean(String(line[line.index(after: colon)...]))
        }
        return nil
    }

    /// Without leading, trailing and repeated spaces; nil if nothing is left.
    private static func clean(_ name: String) -> String? {
        let words = name.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
