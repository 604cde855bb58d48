import ArgumentParser

/// Whole numbers as one argument, separated by commas: "1,2,3".
struct NumberList<Number: FixedWidthInteger & Sendable>: ExpressibleByArgument, Sendable {
    let numbers: [Number]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            Number($0.trimmingPrefix { $0 == " " })
        }
        guard !numbers.contains(nil) else { return nil }
        self.numbers = numbers.compactMap(\.self)
    }
}
