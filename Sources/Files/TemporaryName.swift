import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The name under which a file is written before it takes over its own: ".NAME.PROCESS-RANDOM.tmp".
package struct TemporaryName {
    package let text: String
    /// The name of the finished file; empty for one of Foundation's names.
    package let target: String
    /// The process that writes it.
    let process: Int32

    private static let suffix = ".tmp"
    /// Earlier versions had files written by Foundation, whose names are ".dat.nosync", the process in hexadecimal, a
    /// point, and six random characters.
    private static let foundationPrefix = ".dat.nosync"

    package init(for target: String) {
        self.target = target
        process = getpid()
        text = ".\(target).\(process)-\(UInt32.random(in: 0...UInt32.max))\(Self.suffix)"
    }

    /// nil if `text` is another kind of name.
    init?(parsing text: String) {
        if text.hasPrefix(Self.foundationPrefix) {
            let digits = text.dropFirst(Self.foundationPrefix.count).prefix { $0 != "." }
            guard let process = Int32(digits, radix: 16), process > 0 else { return nil }
            (self.text, target, self.process) = (text, "", process)
            return
        }
        guard text.hasPrefix("."), text.hasSuffix(Self.suffix) else { return nil }
        let middle = text.dropFirst().dropLast(Self.suffix.count)
        guard let point = middle.lastIndex(of: "."), point > middle.startIndex else { return nil }
        let numbers = middle[middle.index(after: point)...].split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let process = Int32(numbers[0]), process > 0, UInt32(numbers[1]) != nil else {
            return nil
        }
        self.text = text
        target = String(middle[..<point])
        self.process = process
    }
}
