/// A styled line as the bytes of its clusters, one after the other, made harmless: wrapping makes lines of pieces of it
/// and puts no cluster together again. The open paragraph of a reply is wrapped anew for every drawing.
struct FlatText {
    private let spans: [StyledLine.Span]
    /// Of each span, the place after its last cluster.
    private var spanEnds: [Int] = []
    private var bytes: [UInt8] = []
    /// Of each cluster, where its bytes end, and its columns.
    private var ends: [Int] = []
    private var widths: [UInt8] = []

    /// Clusters.
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
            // What is not plain. (No joiner at its end pulls ASCII into a cluster.)
            var end = position + 1
            while end < source.count, !Self.isPlain(source, at: end) { end += 1 }
            for cluster in DisplayClusters(String(decoding: source[position..<end], as: UTF8.self)) {
                // A lone joiner leaves none.
                if cluster.text.isEmpty { continue }
                bytes += cluster.text.utf8
                ends.append(bytes.count)
                widths.append(UInt8(cluster.width))
            }
            position = end
        }
    }

    /// Whether a character of ASCII stands here and no mark after it, which begins at U+0300.
    private static func isPlain(_ source: [UInt8], at position: Int) -> Bool {
        source[position] < 0x80 && (position + 1 == source.count || source[position + 1] < 0xCC)
    }

    // MARK: Clusters by their place

    private func start(_ place: Int) -> Int { place == 0 ? 0 : ends[place - 1] }

    func columns(_ place: Int) -> Int { Int(widths[place]) }

    func isBlank(_ place: Int) -> Bool { bytes[start(place)] == UInt8(ascii: " ") && ends[place] == start(place) + 1 }

    /// Whether a line can break before this cluster though there is no blank: beside wide ones alone.
    func mayBreak(_ place: Int) -> Bool { widths[place] == 2 || widths[place - 1] == 2 }

    func cluster(_ place: Int) -> DisplayCluster {
        DisplayCluster(
            text: String(decoding: bytes[start(place)..<ends[place]], as: UTF8.self), width: Int(widths[place]))
    }

    /// Adds clusters to a line, each in the look of its span.
    func append(_ places: Range<Int>, to line: inout StyledLine) {
        var place = places.lowerBound
        var owner = spanEnds.partitionPoint { $0 > place }
        while place < places.upperBound {
            let end = min(places.upperBound, spanEnds[owner])
            if end > place {
                let text = String(decoding: bytes[start(place)..<ends[end - 1]], as: UTF8.self)
                line.append(text, spans[owner].role, link: spans[owner].link, tint: spans[owner].tint)
            }
            (place, owner) = (end, owner + 1)
        }
    }
}
