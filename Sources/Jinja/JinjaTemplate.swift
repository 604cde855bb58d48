/// A chat template, parsed once and rendered any number of times.
///
/// The language is Jinja2 as Hugging Face configures it for chat templates: `trim_blocks` and `lstrip_blocks` on, the
/// immutable sandbox, loop controls, `generation` blocks, and the globals `raise_exception` and `strftime_now`.
///
///     let template = try JinjaTemplate("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}")
///     let prompt = try template.render(["messages": [["role": "user", "content": "Hello"]]])
public struct JinjaTemplate: Sendable {
    let body: [Statement]

    /// Parses `source`.
    /// - Throws: ``JinjaError`` of kind `syntax`, or `limit` for a source that is too long or nested too deep.
    public init(_ source: String, limits: JinjaLimits = JinjaLimits()) throws(JinjaError) {
        let tokens = try Lexer.tokenize(source, limits: limits)
        body = try Parser.parse(tokens, limits: limits)
    }

    /// Renders with the variables of `context`.
    ///
    /// Strings in the context keep their origin (``JinjaString``): pass what users and tools said as untrusted (as
    /// `JinjaValue.string(String)` and the JSON reader do), and `bos_token` and the like as trusted.
    /// - Parameters:
    ///   - context: variables by name, such as `messages`, `tools`, `add_generation_prompt`, `bos_token`.
    ///   - clock: the time that `strftime_now` reports.
    /// - Throws: ``JinjaError``; kind `raised` carries the template's own message.
    public func render(
        _ context: [String: JinjaValue], limits: JinjaLimits = JinjaLimits(), clock: JinjaClock = .now
    ) throws(JinjaError) -> RenderedText {
        let interpreter = try Interpreter(context: context, limits: limits, clock: clock)
        return RenderedText(try interpreter.render(body))
    }
}
