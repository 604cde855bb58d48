/// Breaks lines to a width: at spaces, between East Asian characters, and within a word only where it fills a whole
/// line.
public enum Wrapping {
    /// Consecutive ranges that cover all clusters, each as wide as `width` columns at most, the blanks at its end not
    /// counted. Ranges after the first have `indent` columns less.
    public static func ranges(of clusters: [DisplayCluster], width: Int, indent: Int = 0) -> [Range<Int>] {
        ranges(
            of: clusters.count, width: width, indent: indent, columns: { clusters[$0].width },
            isBlank: { clusters[$0].text == " " },
            allowsBreak: { allowsBreak(between: clusters[$0 - 1], and: clusters[$0]) })
    }

    /// The same of whatever text consists of, by its places.
    @inline(__always)
    private static func ranges(
        of count: Int, width: Int, indent: Int, columns: (Int) -> Int, isBlank: (Int) -> Bool,
        allowsBreak: (_ before: Int) -> Bool
    ) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0, column = 0
        var opportunity: Int?
        var limit = max(2, width)
        for position in 0..<count {
            if isBlank(position) {
                column += 1
                opportunity = position + 1
                continue
            }
            if position > start, allowsBreak(position) { opportunity = position }
            let own = columns(position)
            while column + own > limit, position > start {
                let end = opportunity ?? position
                ranges.append(start..<end)
                start = end
                opportunity = nil
                limit = max(2, width - indent)
                column = (start..<position).reduce(0) { $0 + columns($1) }
            }
            column += own
        }
        ranges.append(start..<count)
        return ranges
    }

    /// `line` as lines no wider than `width`; those after the first are indented as it is, by half the width at most.
    public static func wrap(_ line: StyledLine, width: Int, indent: Int? = nil) -> [StyledLine] {
        let spans = line.spans.map { StyledLine.Span(Sanitizer.visible($0.text), $0.role, link: $0.link) }
        if spans.allSatisfy({ $0.text.utf8.allSatisfy { $0 < 0x80 } }) {
            return wrapASCII(spans, width: width, indent: indent)
        }
        var clusters: [DisplayCluster] = []
        var owners: [Int] = []
        for (owner, span) in spans.enumerated() {
            for cluster in DisplayClusters(span.text) {
                clusters.append(cluster)
                owners.append(owner)
            }
        }
        let leading = clusters.prefix { $0.text == " " }.count
        let hanging = hanging(indent ?? leading, width: width)
        return ranges(of: clusters, width: width, indent: hanging).enumerated().map { number, range in
            var result = StyledLine(number == 0 ? "" : String(repeating: " ", count: hanging))
            var end = range.upperBound
            while end > range.lowerBound, clusters[end - 1].text == " ", number > 0 || end > leading { end -= 1 }
            for position in range.lowerBound..<end {
                let span = spans[owners[position]]
                result.append(clusters[position].text, span.role, link: span.link)
            }
            return result
        }
    }

    /// The same for text whose bytes are its clusters, which most text is: the open paragraph of a reply is wrapped again
    /// for every drawing.
    private static func wrapASCII(_ spans: [StyledLine.Span], width: Int, indent: Int?) -> [StyledLine] {
        let blank = UInt8(ascii: " ")
        let bytes = spans.reduce(into: [UInt8]()) { $0 += $1.text.utf8 }
        let leading = bytes.prefix { $0 == blank }.count
        let hanging = hanging(indent ?? leading, width: width)
        let ranges = ranges(
            of: bytes.count, width: width, indent: hanging, columns: { _ in 1 }, isBlank: { bytes[$0] == blank },
            allowsBreak: { _ in false })
        // The span that a line begins in, and where that span ends.
        var owner = 0
        var ownerEnd = spans.first?.text.utf8.count ?? 0
        return ranges.enumerated().map { number, range in
            var result = StyledLine(number == 0 ? "" : String(repeating: " ", count: hanging))
            var end = range.upperBound
            while end > range.lowerBound, bytes[end - 1] == blank, number > 0 || end > leading { end -= 1 }
            var position = range.lowerBound
            while position < end {
                while ownerEnd <= position {
                    owner += 1
                    ownerEnd += spans[owner].text.utf8.count
                }
                let upper = min(end, ownerEnd)
                let text = String(decoding: bytes[position..<upper], as: UTF8.self)
                result.append(text, spans[owner].role, link: spans[owner].link)
                position = upper
            }
            return result
        }
    }

    private static func hanging(_ indent: Int, width: Int) -> Int { max(0, min(indent, width / 2, width - 2)) }

    public static func wrap(_ text: String, width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { wrap(StyledLine(String($0)), width: width).map(\.text) }
    }

    /// The beginning of `text` that fits `width` columns, with an ellipsis where something is missing.
    public static func truncate(_ text: String, width: Int) -> String {
        let visible = Sanitizer.visible(text)
        if DisplayWidth.of(visible) <= width { return visible }
        guard width > 0 else { return "" }
        var result = "", column = 0
        for cluster in DisplayClusters(visible) {
            if column + cluster.width > width - 1 { break }
            result += cluster.text
            column += cluster.width
        }
        return result + "…"
    }

    /// East Asian text breaks between any two characters, except before closing and after opening punctuation.
    private static func allowsBreak(between left: DisplayCluster, and right: DisplayCluster) -> Bool {
        guard left.width == 2 || right.width == 2, left.text != " " else { return false }
        return !closing.contains(right.text) && !opening.contains(left.text)
    }

    private static let closing = Set("、。，．・：；？！」』）〕】》〉”’ー々%),.:;!?]}".map(String.init))
    private static let opening = Set("「『（〔【《〈“‘([{".map(String.init))
}
