/// The modifiers of a key, as terminals encode them: 1, plus 1 for Shift, 2 for Alt, 4 for Control.
struct KeyModifiers: Equatable {
    var shift = false
    var alt = false
    var control = false

    /// Nil for Super, Hyper and Meta (8 to 32), which no key here has. Caps Lock and Num Lock (64, 128) are no modifiers.
    init?(parameter: Int) {
        let bits = max(1, parameter) - 1
        guard bits < 256, bits & (8 | 16 | 32) == 0 else { return nil }
        (shift, alt, control) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
    }

    func applied(to key: Key) -> Key {
        var key = key
        if shift { key = .shift(key) }
        if alt { key = .alt(key) }
        if control { key = .control(key) }
        return key
    }
}
