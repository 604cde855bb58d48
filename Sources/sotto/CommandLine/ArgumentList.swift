import ArgumentParser

/// Values separated by commas, such as "1,2,4".
struct ArgumentList<Element: ExpressibleByArgument & Sendable>: ExpressibleByArgument, Sendable {
    let values: [Element]

    init(_ values: [Element]) { self.values = values }

    init?(argument: String) {
        let values = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            Element(argument: String($0.trimmingPrefix { $0 == " " }))
        }
        guard !values.contains(where: { $0 == nil }) else { return nil }
        self.values = values.compactMap(\.self)
    }

    /// As the user would type it.
    var defaultValueDescription: String { values.map(\.defaultValueDescription).joined(separator: ",") }

    static var allValueStrings: [String] { Element.allValueStrings }
}
