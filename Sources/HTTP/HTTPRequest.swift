/// A field of a request's or a response's head.
public struct HTTPHeader: Sendable, Equatable {
    /// In requests only letters, digits and the punctuation that HTTP allows in names.
    public var name: String
    /// In requests without control characters. In responses as the server sent it: not fit for a screen as it is.
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What to ask of which address.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case delete = "DELETE"
    }

    public var method: Method
    /// An http or https address in ASCII, without user name and password.
    public var url: String
    /// Headers that may also go to where a server redirects the request.
    public var headers: [HTTPHeader]
    /// Headers that hold a key. They go only to the request's own scheme, host and port: never along a redirect
    /// elsewhere.
    public var secretHeaders: [HTTPHeader]
    /// Sent with POST, and with DELETE unless empty. Its type is what a header says; none is assumed.
    public var body: [UInt8]
    public var limits: HTTPLimits

    public init(
        _ url: String, method: Method = .get, headers: [HTTPHeader] = [], secretHeaders: [HTTPHeader] = [],
        body: [UInt8] = [], limits: HTTPLimits = HTTPLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.secretHeaders = secretHeaders
        self.body = body
        self.limits = limits
    }

    /// The first header that would break out of its line, or whose name is none.
    var invalidHeader: HTTPHeader? {
        (headers + secretHeaders).first { header in
            header.name.isEmpty || !header.name.utf8.allSatisfy(Self.isNameByte)
                || header.value.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\t" }
        }
    }

    /// Whether a byte can be in the name of a header: a "token" of RFC 9110, section 5.6.2.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// How long to wait and how much to take. The time that the receiver of a response needs does not count.
public struct HTTPLimits: Sendable {
    /// Finding the address, connecting, and agreeing on encryption, together.
    public var connect: Duration
    /// From the last byte of the request to the first of the response's body: waiting for a model to think. nil means
    /// no limit.
    public var firstByte: Duration?
    /// Between two pieces of the response's body. nil means no limit.
    public var silence: Duration?
    /// The most bytes of a response's body, after decompression.
    public var bodyBytes: Int

    public init(
        connect: Duration = .seconds(10), firstByte: Duration? = .seconds(60), silence: Duration? = .seconds(60),
        bodyBytes: Int = 64 << 20
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.silence = silence
        self.bodyBytes = bodyBytes
    }
}
