import CMarkGFM
import Synchronization

/// The cmark-gfm parser with tables, strike-through and task lists.
///
/// Its autolink extension is not used: it has read beyond its buffer in the past, and `Autolinks` does the same.
enum CMarkDocument {
    /// Attaching extensions writes to tables that all parsers in the process share.
    private static let lock = Mutex<Bool>(false)
    private static let extensions = ["table", "strikethrough", "tasklist"]

    /// Parses UTF-8 text and passes the root node to `body`.
    static func parse<Result>(_ text: [UInt8], _ body: (CMarkNode) -> Result) -> Result? {
        lock.withLock { isRegistered in
            if !isRegistered { cmark_gfm_core_extensions_ensure_registered() }
            isRegistered = true
            // A single tilde means "about" more often than a deletion.
            let options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE
            guard let parser = cmark_parser_new(options) else { return nil }
            defer { cmark_parser_free(parser) }
            for name in extensions {
                if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
            }
            text.withUnsafeBytes { bytes in
                cmark_parser_feed(parser, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
            }
            guard let root = cmark_parser_finish(parser) else { return nil }
            defer { cmark_node_free(root) }
            cmark_consolidate_text_nodes(root)
            return body(CMarkNode(pointer: root))
        }
    }
}

/// The type of a node. The types that extensions add have names but no constants.
enum CMarkKind: String {
    case document, paragraph, heading, list, item, table, link, image, text, code, strong
    case quote = "block_quote"
    case codeBlock = "code_block"
    case htmlBlock = "html_block"
    case rule = "thematic_break"
    case task = "tasklist"
    case tableHeader = "table_header"
    case tableRow = "table_row"
    case tableCell = "table_cell"
    case softBreak = "softbreak"
    case lineBreak = "linebreak"
    case html = "html_inline"
    case emphasis = "emph"
    case strike = "strikethrough"
}

/// A node of the parser's tree. None may outlive the closure passed to `CMarkDocument.parse`.
struct CMarkNode: Equatable {
    let pointer: OpaquePointer

    var kind: CMarkKind? { cmark_node_get_type_string(pointer).flatMap { CMarkKind(rawValue: String(cString: $0)) } }

    var children: CMarkSiblings { CMarkSiblings(following: cmark_node_first_child(pointer).map(CMarkNode.init)) }

    /// The text of a text, code or HTML node.
    var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
    var destination: String { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
    var fenceInfo: String { cmark_node_get_fence_info(pointer).map { String(cString: $0) } ?? "" }

    /// Counted from 0. The parser is wrong about a table that follows a paragraph without a blank line: the paragraph
    /// has no line, and the table has the paragraph's.
    var startLine: Int {
        let line = Int(cmark_node_get_start_line(pointer)) - 1
        if kind == .table {
            // The header is two lines above the first row, with the delimiter row between.
            let row = children.first { $0.kind == .tableRow }
            return max(0, row.map { $0.startLine - 2 } ?? Int(cmark_node_get_end_line(pointer)) - 2)
        }
        if line < 0, let next = cmark_node_next(pointer) { return max(0, Int(cmark_node_get_start_line(next)) - 1) }
        return max(0, line)
    }

    /// All text in the node, for what is nested too deeply to be shown structured. Does not recurse.
    var flatText: String {
        guard let iterator = cmark_iter_new(pointer) else { return "" }
        defer { cmark_iter_free(iterator) }
        var text = ""
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return text }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator).map(CMarkNode.init) else {
                continue
            }
            text += node.literal
            if node.kind == .softBreak || node.kind == .lineBreak || node.kind == .paragraph { text += "\n" }
        }
    }
}

/// A node and its following siblings.
struct CMarkSiblings: Sequence, IteratorProtocol {
    var following: CMarkNode?

    mutating func next() -> CMarkNode? {
        defer { following = following.flatMap { cmark_node_next($0.pointer) }.map(CMarkNode.init) }
        return following
    }
}
