/// Turns the lines that libcurl reports before a body into a head.
struct HeadReader {
    /// The most bytes of all heads of a response together.
    static let limit = 256 << 10

    enum Step: Equatable {
        case incomplete
        case complete
        case tooLarge
    }

    /// The head so far.
    private(set) var head = HTTPHead(status: 0)
    private(set) var isComplete = false
    private var bytes = 0

    /// Reads one line with its line break. What follows a complete head (trailers) counts and is dropped.
    mutating func read(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        bytes += line.count
        guard bytes <= Self.limit else { return .tooLarge }
        guard !isComplete else { return .incomplete }
        let text = String(decoding: line, as: UTF8.self).trimmingLineBreak
        if text.hasPrefix("HTTP/") {
            // Interim responses (status 1xx) have heads of their own; this one takes their place.
            head = HTTPHead(status: text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        } else if text.isEmpty {
            isComplete = head.status >= 200
            return isComplete ? .complete : .incomplete
        } else if text.first == " " || text.first == "\t" {
            continueLastValue(with: text)
        } else if let colon = text.firstIndex(of: ":") {
            head.headers.append(HTTPHeader(String(text[..<colon]), text[text.index(after: colon)...].trimmingBlanks))
        }
        return .incomplete
    }

    /// A line that begins with a blank belongs to the value before it (RFC 9112, section 5.2).
    private mutating func continueLastValue(with text: String) {
        guard let last = head.headers.indices.last else { return }
        head.headers[last].value += " " + text[...].trimmingBlanks
    }
}

extension String {
    fileprivate var trimmingLineBreak: String {
        String(decoding: utf8.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed(), as: UTF8.self)
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
