/// The name of a part of a split model, such as "Model-Q4_K_M-00001-of-00003.gguf".
public struct GGUFPartName: Sendable, Equatable {
    /// The path up to the numbers.
    public let stem: String
    /// From 1.
    public let number: Int
    public let count: Int

    /// More than any model has.
    private static let mostParts = 1000

    /// Nil for a file that is no part.
    public init?(_ path: String) {
        guard let match = path.wholeMatch(of: /(.*[^\/])-(\d{5})-of-(\d{5})\.gguf/.ignoresCase().dotMatchesNewlines()),
            let number = Int(match.2), let count = Int(match.3), (1...Self.mostParts).contains(count),
            (1...count).contains(number)
        else { return nil }
        (stem, self.number, self.count) = (String(match.1), number, count)
    }

    /// The paths of all parts of the model, whether they exist or not; the path alone for a file that is no part.
    public static func paths(of path: String) -> [String] {
        guard let name = GGUFPartName(path) else { return [path] }
        return (1...name.count).map(name.path(ofPart:))
    }

    func path(ofPart number: Int) -> String { "\(stem)-\(Self.digits(number))-of-\(Self.digits(count)).gguf" }

    static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
}
