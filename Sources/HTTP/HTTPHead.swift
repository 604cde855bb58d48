/// What a server says before the body of its response.
public struct HTTPHead: Sendable {
    /// 200...599.
    public var status: Int
    /// In the server's order; a name may occur several times.
    public var headers: [HTTPHeader]

    public init(status: Int, headers: [HTTPHeader] = []) {
        self.status = status
        self.headers = headers
    }

    /// The value of the first header with a name, in upper or lower case.
    public subscript(name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// A piece of a response that is still arriving.
public enum HTTPPart: Sendable {
    /// Exactly once, before everything else.
    case head(HTTPHead)
    /// The next bytes of the body, decompressed; never empty.
    case bytes([UInt8])
}

/// A whole response.
public struct HTTPResponse: Sendable {
    public var head: HTTPHead
    /// Decompressed.
    public var body: [UInt8]

    public init(head: HTTPHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}
