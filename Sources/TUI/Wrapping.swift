/// Breaks lines to a width: at spaces, between East Asian characters, and within a word only if it fills a complete
/// line.
public enum Wrapping {
    /// Consecutive ranges that cover all clusters, each at most `width` columns wide without its trailing blanks.
    /// Ranges after the first are `indent` columns narrower.
    public static func ranges(of clusters: [DisplayCluster], width: Int, indent: Int = 0) -> [Range<Int>] {
        ranges(
            of: clusters.count, width: width, indent: indent, columns: { clusters[$0].width },
            isBlank: { clusters[$0].text == " " },
            allowsBreak: { allowsBreak(between: clusters[$0 - 1], and: clusters[$0]) })
    }

    /// The same for any sequence of clusters, by index.
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
            let clusterWidth = columns(position)
            while column + clusterWidth > limit, position > start {
                let end = opportunity ?? position
                ranges.append(start..<end)
                start = end
                opportunity = nil
                limit = max(2, width - indent)
                column = (start..<position).reduce(0) { $0 + columns($1) }
            }
            column += clusterWidth
        }
        ranges.append(start..<count)
        return ranges
    }

    /// Wraps `line` to `width`. Later lines are indented by `indent`, or like the first, by at most half the width.
    public static func wrap(_ line: StyledLine, width: Int, indent: Int? = nil) -> [StyledLine] {
        let text = FlatText(line)
        let leading = (0..<text.count).prefix { text.isBlank($0) }.count
        let hanging = max(0, min(indent ?? min(leading, width / 2), width - 2))
        let ranges = ranges(
            of: text.count, width: width, indent: hanging, columns: { text.columns($0) }, isBlank: { text.isBlank($0) },
            allowsBreak: { text.mayBreak($0) && allowsBreak(between: text.cluster($0 - 1), and: text.cluster($0)) })
        return ranges.enumerated().map { number, range in
            var result = StyledLine(number == 0 ? "" : String(repeating: " ", count: hanging))
            var end = range.upperBound
            while end > range.lowerBound, text.isBlank(end - 1), number > 0 || end > leading { end -= 1 }
            text.append(range.lowerBound..<end, to: &result)
            return result
        }
    }

    public static func wrap(_ text: String, width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { wrap(StyledLine(String($0)), width: width).map(\.text) }
    }

    /// The start of `text` that fits `width` columns, with an ellipsis if something is left out.
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

    /// East Asian text can break between any two characters, except before closing and after opening punctuation.
    private static func allowsBreak(between left: DisplayCluster, and right: DisplayCluster) -> Bool {
        guard left.width == 2 || right.width == 2, left.text != " " else { return false }
        return !closing.contains(right.text) && !opening.contains(left.text)
    }

    private static let closing = Set("、。，．・：；？！」』）〕】》〉”’ー々%),.:;!?]}".map(String.init))
    private static let opening = Set("「『（〔【《〈“‘([{".map(String.init))
}
