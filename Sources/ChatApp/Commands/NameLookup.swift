import Chat
import TUI

/// Finds what the user means by a name, or part of one.
enum NameLookup {
    /// The item with exactly this name; else the only one whose name begins with it; else the only one whose name
    /// contains it. Case does not matter.
    ///
    /// - Parameters:
    ///   - kind: what the items are, as error messages call one of them.
    ///   - names: the names of an item; messages show the first.
    static func find<Item>(
        _ name: String, in items: [Item], kind: String, by names: (Item) -> [String]
    ) throws(CommandError) -> Item {
        let wanted = name.lowercased()
        let tests: [(String) -> Bool] = [{ $0 == wanted }, { $0.hasPrefix(wanted) }, { $0.contains(wanted) }]
        for test in tests {
            let found = items.filter { names($0).contains { test($0.lowercased()) } }
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                let list = list(found.compactMap { names($0).first }, limit: 3)
                throw CommandError("\(quoted(name)) matches \(found.count) \(kind)s: \(list)")
            }
        }
        let known = items.compactMap { names($0).first }
        if known.isEmpty { throw CommandError("There are no \(kind)s yet") }
        let hint =
            Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted($0))?" }
            ?? "\(kind.capitalizedFirst)s: \(list(known, limit: 6))"
        throw CommandError("No \(kind) called \(quoted(name)). \(hint)")
    }

    private static func list(_ names: [String], limit: Int) -> String {
        names.prefix(limit).map(quoted).joined(separator: ", ") + (names.count > limit ? ", …" : "")
    }

    private static func quoted(_ name: String) -> String { "\"\(Wrapping.truncate(name, width: 40))\"" }
}

extension String {
    /// With a capital letter at the beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
