/// A sanitized styled line as the bytes of its clusters. Wrapping cuts lines from it without building clusters, because
/// the last paragraph of a streaming reply is wrapped again for every frame.
struct FlatText {
    private let spans: [StyledLine.Span]
    /// The index after the last cluster of each span.
    private var spanEnds: [Int] = []
    private var bytes: [UInt8] = []
    /// The end of each cluster in `bytes`, and its columns.
    private var ends: [Int] = []
    private var widths: [UInt8] = []

    /// The number of clusters.
    var count: Int { ends.count }

    init(_ line: StyledLine) {
        spans = line.spans
        for span in spans {
            add(Sanitizer.visible(span.text))
            spanEnds.append(count)
        }
    }

    private mutating func add(_ text: String) {
        let source = Array(text.utf8)
        var position = 0
        while position < source.count {
            if Self.isPlain(source, at: position) {
                bytes.append(source[position])
                ends.append(bytes.count)
                widths.append(1)
                position += 1
                continue
            }
            // A run of anything else. (A joiner at its end never attaches to ASCII.)
            var end = position + 1
            while end < source.count, !Self.isPlain(source, at: end) { end += 1 }
            for cluster in DisplayClusters(String(decoding: source[position..<end], as: UTF8.self)) {
                // A lone joiner gives an empty cluster.
                if cluster.text.isEmpty { continue }
                bytes += cluster.text.utf8
                ends.append(bytes.count)
                widths.append(UInt8(cluster.width))
            }
            position = end
        }
    }

    /// Whether an ASCII character is here without a combining mark after it (marks start at U+0300).
    private static func isPlain(_ source: [UInt8], at position: Int) -> Bool {
        source[position] < 0x80 && (position + 1 == source.count || source[position + 1] < 0xCC)
    }

    // MARK: Clusters by index

    private func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

    func columns(_ index: Int) -> Int { Int(widths[index]) }

    func isBlank(_ index: Int) -> Bool { bytes[start(index)] == UInt8(ascii: " ") && ends[index] == start(index) + 1 }

    /// Whether a line can break before this cluster without a blank, which requires a wide cluster on either side.
    func mayBreak(_ index: Int) -> Bool { widths[index] == 2 || widths[index - 1] == 2 }

    func cluster(_ index: Int) -> DisplayCluster {
        DisplayCluster(
            text: String(decoding: bytes[start(index)..<ends[index]], as: UTF8.self), width: Int(widths[index]))
    }

    /// Appends clusters to a line, each with the style of its span.
    func append(_ range: Range<Int>, to line: inout StyledLine) {
        var index = range.lowerBound
        var owner = spanEnds.partitionPoint { $0 > index }
        while index < range.upperBound {
            let end = min(range.upperBound, spanEnds[owner])
            if end > index {
                let text = String(decoding: bytes[start(index)..<ends[end - 1]], as: UTF8.self)
                line.append(text, spans[owner].role, link: spans[owner].link, tint: spans[owner].tint)
            }
            (index, owner) = (end, owner + 1)
        }
    }
}
