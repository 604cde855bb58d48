/// Text from libcurl for errors, which may quote a server.
enum PrintableText {
    /// At most 200 characters, and only printable ASCII.
    static func shortened(_ text: UnsafePointer<CChar>) -> String {
        String(decoding: String(cString: text).utf8.filter { (0x20...0x7E).contains($0) }.prefix(200), as: UTF8.self)
    }
}
