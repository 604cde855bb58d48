import CCurl

/// A transfer handle of libcurl with the handle that drives it, which keeps connections for later transfers.
///
/// Unchecked because libcurl allows a handle on any thread, but on one at a time: `HandlePool` gives it to a single
/// transfer.
final class CurlHandle: @unchecked Sendable {
    private let easy: OpaquePointer
    private let multi: OpaquePointer
    private let errorText: UnsafeMutablePointer<CChar>
    /// What libcurl refers to without a copy of its own until the next `reset`.
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// Whether libcurl refused an option since the last `reset`.
    private(set) var hasRefusedOption = false

    /// Once in the process: Swift initialises it under a lock.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    /// Connections to one origin that are kept open; one is in use at a time.
    private static let keptConnections = 2

    /// nil if there is no memory.
    init?() {
        guard Self.isLibraryReady, let easy = curl_easy_init() else { return nil }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            return nil
        }
        self.easy = easy
        self.multi = multi
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        sotto_curl_set_connection_limit(multi, Self.keptConnections)
        reset()
    }

    deinit {
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    /// Forgets all options, and keeps the connections.
    func reset() {
        curl_easy_reset(easy)
        for list in lists { curl_slist_free_all(list) }
        lists = []
        errorText[0] = 0
        hasRefusedOption = false
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) { note(sotto_curl_set_number(easy, option, value)) }

    func set(_ option: CURLoption, size: Int) { note(sotto_curl_set_size(easy, option, curl_off_t(size))) }

    func set(_ option: CURLoption, _ value: String) { note(sotto_curl_set_pointer(easy, option, value)) }

    /// - Parameter pointer: valid until the next `reset`, unless libcurl copies what this option points to.
    func set(_ option: CURLoption, pointer: UnsafeRawPointer?) { note(sotto_curl_set_pointer(easy, option, pointer)) }

    func set(_ option: CURLoption, list values: [String]) {
        guard !values.isEmpty else { return }
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                curl_slist_free_all(list)
                hasRefusedOption = true
                return
            }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        note(sotto_curl_set_list(easy, option, list))
    }

    func set(_ option: CURLoption, receiver: @escaping curl_write_callback) {
        note(sotto_curl_set_receiver(easy, option, receiver))
    }

    func setOpener(_ callback: @escaping curl_opensocket_callback) { note(sotto_curl_set_opener(easy, callback)) }

    func allowOnlyHTTP() { note(sotto_curl_allow_only_http(easy)) }

    private func note(_ code: CURLcode) {
        // What a libcurl was built without cannot be used wrongly either.
        if code != CURLE_OK, code != CURLE_NOT_BUILT_IN, code != CURLE_UNKNOWN_OPTION { hasRefusedOption = true }
    }

    // MARK: Transfer

    func start() -> Bool { curl_multi_add_handle(multi, easy) == CURLM_OK }

    /// Does what can be done without waiting. Returns whether the transfer is still running; nil if libcurl failed.
    func advance() -> Bool? {
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return nil }
        return running > 0
    }

    /// Returns once something can be done, after some milliseconds at the latest.
    func wait(milliseconds: Int32) { curl_multi_poll(multi, nil, 0, milliseconds, nil) }

    /// How the transfer ended; nil if it has not.
    var result: CURLcode? {
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        return nil
    }

    /// Ends the transfer, and calls nothing back afterwards. May wait for a name that is being resolved.
    func stop() { curl_multi_remove_handle(multi, easy) }

    // MARK: Information

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return sotto_curl_get_number(easy, info, &value) == CURLE_OK ? value : 0
    }

    func size(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return sotto_curl_get_size(easy, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard sotto_curl_get_string(easy, info, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    /// What libcurl says about an error.
    func explanation(of code: CURLcode) -> String {
        if errorText[0] != 0 { return PrintableText.shortened(errorText) }
        return curl_easy_strerror(code).map(PrintableText.shortened) ?? "error \(code.rawValue)"
    }
}
