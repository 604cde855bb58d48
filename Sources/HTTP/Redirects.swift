/// Which redirects are followed. libcurl follows none.
enum Redirects {
    /// The most redirects of one request.
    static let limit = 5

    /// Whether a response redirects.
    static func isRedirect(_ head: HTTPHead) -> Bool {
        [301, 302, 303, 307, 308].contains(head.status) && head["location"]?.isEmpty == false
    }

    /// The request that a redirect leads to.
    ///
    /// - GET and HEAD are followed anywhere, but never from https to http, and without keys to any other origin.
    /// - A request with a body stays at its origin, and unchanged: 301, 302 and 303 would turn it into a GET.
    /// - Parameters:
    ///   - origin: of the request.
    ///   - url: the complete address that the response names.
    /// - Throws: `.redirected` if it is not followed.
    static func follow(
        _ request: HTTPRequest, at origin: HTTPOrigin, status: Int, to url: String
    ) throws(HTTPError) -> HTTPRequest {
        guard let target = HTTPOrigin(url) else {
            throw .redirected(host: origin.text, to: "an address that is not valid")
        }
        let isSafe =
            switch request.method {
            case .get, .head: target.scheme == "https" || origin.scheme == "http"
            case .post, .delete: target == origin && (status == 307 || status == 308)
            }
        guard isSafe else { throw .redirected(host: origin.text, to: "\(target.scheme)://\(target.text)") }
        var next = request
        next.url = url
        if target != origin { next.secretHeaders = [] }
        return next
    }
}
