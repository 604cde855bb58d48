import HTTP
import Testing

@Suite struct OriginTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "https", "api.openai.com", 443, "api.openai.com"),
        ("HTTP://Localhost:11434", "http", "localhost", 11434, "localhost:11434"),
        ("http://127.0.0.1:80/", "http", "127.0.0.1", 80, "127.0.0.1"),
        ("http://example.com:443/", "http", "example.com", 443, "example.com:443"),
        ("http://[::1]:8080/?q=@#@", "http", "::1", 8080, "[::1]:8080"),
    ])
    func readsAddresses(url: String, scheme: String, host: String, port: Int, text: String) throws {
        let origin = try #require(HTTPOrigin(url))
        #expect(origin.scheme == scheme && origin.host == host && origin.port == port)
        #expect(origin.text == text)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "ollama.localhost", "127.0.0.1", "127.255.0.9", "[::1]", "[0:0:0:0:0:0:0:1]",
    ])
    func knowsThisComputer(host: String) throws {
        #expect(try #require(HTTPOrigin("http://\(host):8080/")).isLoopback)
    }

    @Test(arguments: [
        "localhost.example.com", "notlocalhost", "127.0.0.1.example.com", "128.0.0.1", "0.0.0.0", "10.127.0.0",
        "192.168.0.1", "[::]", "[::2]", "[fe80::1]", "example.com",
    ])
    func knowsOtherComputers(host: String) throws {
        #expect(try !#require(HTTPOrigin("http://\(host):8080/")).isLoopback)
    }

    @Test func comparesSchemeHostAndPort() {
        let origin = HTTPOrigin("https://example.com/a")
        #expect(origin == HTTPOrigin("HTTPS://EXAMPLE.com:443/b?c"))
        for other in ["http://example.com/a", "https://example.com:444/a", "https://www.example.com/a"] {
            #expect(origin != HTTPOrigin(other))
        }
    }
}
