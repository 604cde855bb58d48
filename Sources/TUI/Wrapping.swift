/// Breaks lines to a width: at spaces, between East Asian characters, and within a word only where it fills a whole
/// line.
public enum Wrapping {
    /// Consecutive ranges that cover all clusters, each as wide as `width` columns at most, the blanks at its end not
    /// counted. Ranges after the first have `indent` columns less.
    public static func ranges(of clusters: [DisplayCluster], width: Int, indent: Int = 0) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0, column = 0
        var opportunity: Int?
        var limit = max(2, width)
        for (position, cluster) in clusters.enumerated() {
            if cluster.text == " " {
                column += 1
                opportunity = position + 1
                continue
            }
            if position > start, allowsBreak(between: clusters[position - 1], and: cluster) { opportunity = position }
            while column + cluster.width > limit, position > start {
                let end = opportunity ?? position
                ranges.append(start..<end)
                start = end
                opportunity = nil
                limit = max(2, width - indent)
                column = clusters[start..<position].reduce(0) { $0 + $1.width }
            }
            column += cluster.width
        }
        ranges.append(start..<clusters.count)
        return ranges
    }

    /// `line` as lines no wider than `width`; those after the first are indented as it is, by half the width at most.
    public static func wrap(_ line: StyledLine, width: Int, indent: Int? = nil) -> [StyledLine] {
        var clusters: [DisplayCluster] = []
        var spans: [StyledLine.Span] = []
        for span in line.spans {
            for cluster in DisplayClusters(Sanitizer.visible(span.text)) {
                clusters.append(cluster)
                spans.append(span)
            }
        }
        let leading = clusters.prefix { $0.text == " " }.count
        let hanging = max(0, min(indent ?? leading, width / 2, width - 2))
        return ranges(of: clusters, width: width, indent: hanging).enumerated().map { number, range in
            var result = StyledLine(number == 0 ? "" : String(repeating: " ", count: hanging))
            var end = range.upperBound
            while end > range.lowerBound, clusters[end - 1].text == " ", number > 0 || end > leading { end -= 1 }
            for position in range.lowerBound..<end {
                result.append(clusters[position].text, spans[position].role, link: spans[position].link)
            }
            return result
        }
    }

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
