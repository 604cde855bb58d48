extension Language {
    private static let cKeywords = """
        auto break case const continue default do else enum extern for goto if inline register restrict return signed \
        sizeof static struct switch typedef typeof union unsigned volatile while _Alignas _Alignof _Atomic _Generic \
        _Noreturn _Static_assert _Thread_local
        """
    private static let cTypes = """
        void char short int long float double bool _Bool size_t ssize_t ptrdiff_t intptr_t uintptr_t int8_t int16_t int32_t \
        int64_t uint8_t uint16_t uint32_t uint64_t wchar_t FILE
        """
    private static let cConstants = "NULL true false stdin stdout stderr"
    private static let include = Region(
        open: [0x3C], close: [0x3E], role: .syntaxString, after: "include")

    static let c = Language(
        names: ["c", "h"], words: words(keywords: cKeywords, types: cTypes, constants: cConstants),
        capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [.comment("/*", "*/"), include, .string("\""), .character],
        sigils: [Sigil("#", .syntaxDirective, isAtLineStart: true)])

    static let cpp = Language(
        names: ["cpp", "c++", "cc", "cxx", "hpp", "hxx", "hh", "cuda", "objc", "objective-c", "arduino"],
        words: words(
            keywords: cKeywords + """
                 alignas alignof catch class co_await co_return co_yield concept const_cast consteval constexpr constinit \
                decltype delete dynamic_cast explicit export final friend import module mutable namespace new noexcept \
                operator override private protected public reinterpret_cast requires static_assert static_cast template \
                this thread_local throw try typeid typename using virtual and or not xor
                """,
            types: cTypes + """
                 string string_view vector map set pair tuple optional variant array unordered_map unordered_set \
                unique_ptr shared_ptr weak_ptr span char8_t char16_t char32_t
                """,
            constants: cConstants + " nullptr"),
        stringPrefixes: ["u8", "u", "l"], capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [
            .comment("/*", "*/"), include, .string("R\"(", ")\"", escape: nil, spansLines: true), .string("\""),
            .character,
        ],
        sigils: [Sigil("#", .syntaxDirective, isAtLineStart: true), Sigil("@", .syntaxDirective)])
}
