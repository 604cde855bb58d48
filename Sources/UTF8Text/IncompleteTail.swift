extension BidirectionalCollection<UInt8> {
    /// The number of bytes at the end, 0…3, that begin a UTF-8 character whose other bytes are still missing.
    ///
    /// Text that arrives in pieces is decoded without these bytes, which wait for the next piece. Zero if the bytes at
    /// the end cannot become a character any more: decoding turns those into U+FFFD.
    public var incompleteUTF8Tail: Int {
        var index = endIndex
        for length in 1...3 where index > startIndex {
            formIndex(before: &index)
            let lead = self[index]
            if lead & 0xC0 == 0x80 { continue }  // a continuation byte: the lead byte comes before it
            guard let sequence = UTF8Sequence(lead: lead), length < sequence.length else { return 0 }
            return length == 1 || sequence.second.contains(self[self.index(after: index)]) ? length : 0
        }
        return 0
    }
}

/// What a lead byte announces. (The Unicode Standard, table 3-7.)
private struct UTF8Sequence {
    /// Bytes of the whole character, 2…4.
    let length: Int
    /// The values that the second byte can have. Any other continuation byte can be 0x80…0xBF.
    let second: ClosedRange<UInt8>

    /// Nil for ASCII, and for bytes that never begin a character.
    init?(lead: UInt8) {
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
    }
}
