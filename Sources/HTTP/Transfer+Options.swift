import CCurl

extension Transfer {
    /// Tells libcurl what to send where.
    func configure() {
        handle.set(CURLOPT_URL, request.url)
        handle.allowOnlyHTTP()
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        handle.set(CURLOPT_USERAGENT, options.userAgent)
        // Every compression that this libcurl knows.
        handle.set(CURLOPT_ACCEPT_ENCODING, "")
        // The clock decides. This one comes later, and makes libcurl divide the time among a host's addresses.
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, request.limits.connect.wholeMilliseconds + 1000)
        configureMethod()
        handle.set(CURLOPT_HTTPHEADER, list: headerLines)
        configureTrust()
        configureRoute()
    }

    private func configureMethod() {
        switch request.method {
        case .get: return
        case .head: return handle.set(CURLOPT_NOBODY, 1)
        case .post: configureBody()
        case .delete:
            if !request.body.isEmpty { configureBody() }
            handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func configureBody() {
        // The size first: libcurl copies as many bytes.
        handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: request.body.count)
        request.body.withUnsafeBytes { handle.set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
        // An array without elements may have no address, and libcurl would ask for the body.
        if request.body.isEmpty { handle.set(CURLOPT_COPYPOSTFIELDS, "") }
    }

    private var headerLines: [String] {
        let headers = request.headers + request.secretHeaders
        // libcurl reads "name;" as a header without value, and "name:" as a header of its own to leave out.
        var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // Without asking whether the body is welcome, which costs a second where a server does not answer that.
        lines.append("Expect:")
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        return lines
    }

    /// Certificates are always verified, also those of proxies.
    private func configureTrust() {
        for option in [CURLOPT_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYPEER] { handle.set(option, 1) }
        for option in [CURLOPT_SSL_VERIFYHOST, CURLOPT_PROXY_SSL_VERIFYHOST] { handle.set(option, 2) }
        for option in [CURLOPT_SSLVERSION, CURLOPT_PROXY_SSLVERSION] {
            handle.set(option, Int(CURL_SSLVERSION_TLSv1_2))
        }
        guard let file = options.certificateFile else { return }
        for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] { handle.set(option, file) }
        // Only the certificates in the file are trusted then, not those in the folder that this libcurl was built with.
        for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] { handle.set(option, pointer: nil) }
    }

    private func configureRoute() {
        // Empty texts: libcurl does not look for proxies in the environment itself.
        handle.set(CURLOPT_PROXY, options.proxies.proxy(for: origin) ?? "")
        handle.set(CURLOPT_NOPROXY, options.proxies.exceptions)
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let entry = Loopback.pinnedAddresses(of: origin) { handle.set(CURLOPT_RESOLVE, list: [entry]) }
    }
}

extension Duration {
    /// At most twelve days, which fits every C integer.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(max(0, min(seconds, 1_000_000))) * 1000 + Int(max(0, attoseconds) / 1_000_000_000_000_000)
    }
}
