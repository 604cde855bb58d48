import Rendering
import Testing

/// TeX converted to text.
@Suite struct FormulaTests {
    @Test(arguments: [
        (#"\alpha + \beta = \gamma"#, "α + β = γ"), ("x_1^2", "x₁²"), ("x^{n+1}", "xⁿ⁺¹"), ("a^{x_i}", "a^(xᵢ)"),
        (#"\frac{1}{2}\alpha"#, "½α"), (#"\frac{a}{b}c"#, "(a/b)c"),
        (#"\frac{a}{b} + \frac{1}{n}\sum x"#, "a/b + (1/n) ∑x"), (#"\frac{a}{b}^2"#, "(a/b)²"),
        (#"2\frac{a}{b}"#, "2a/b"), (#"e^{\frac12}"#, "e^½"), (#"\frac{n}{2}(a+b)"#, "(n/2)(a + b)"),
        (#"\frac{a+b}{2c}"#, "(a + b)/(2c)"), (#"\sqrt{x}"#, "√x"), (#"\sqrt{x+1}"#, "√(x + 1)"),
        (#"\underbrace{a+b}_{n}"#, "(a + b)ₙ"), (#"\operatorname*{arg\,max}_x"#, "arg maxₓ"),
        (#"\ce{2H2 + O2 -> 2H2O}"#, "2H₂ + O₂ → 2H₂O"),
        (#"\sum_{\substack{i<n\\j<m}} x"#, "∑_(i < n; j < m) x"), (#"a \xrightarrow[b]{c} d"#, "a →_bᶜ d"),
        (#"\sqrt[3]{x}"#, "∛x"), (#"\sum_{i=1}^{n} i"#, "∑ᵢ₌₁ⁿ i"), (#"\int_0^1 x\,dx"#, "∫₀¹ x dx"),
        (#"\lim_{x \to 0} f(x)"#, "lim_(x → 0) f(x)"), (#"\text{if } x > 0"#, "if x > 0"), (#"\mathbb{R}^n"#, "ℝⁿ"),
        (#"\hat{x}"#, "x\u{302}"), (#"\vec v"#, "v\u{20D7}"), (#"a \leq b \neq c"#, "a ≤ b ≠ c"), (#"\not\in"#, "∉"),
        (#"\begin{pmatrix}a & b\\c & d\end{pmatrix}"#, "(a b; c d)"), (#"\left(\frac ab\right)"#, "(a/b)"),
        ("f'(x)", "f′(x)"), ("-x", "−x"), (#"\{a, b\}"#, "{a, b}"), (#"90^\circ"#, "90°"),
        (#"\unknown x"#, #"\unknown x"#),
        (#"\sin\theta"#, "sin θ"), (#"2\pi r"#, "2πr"), (#"E = mc^2"#, "E = mc²"), (#"O(n \log n)"#, "O(n log n)"),
        (#"A \Rightarrow B"#, "A ⇒ B"), (#"\binom{n}{k}"#, "(n choose k)"), (#"10\,\%"#, "10%"), ("", ""),
        (#"P(A|B) = \frac{P(B|A)P(A)}{P(B)}"#, "P(A|B) = (P(B|A)P(A))/P(B)"),
        (#"x \in \{1,\ldots,n\}"#, "x ∈ {1, …, n}"),
    ])
    func formulasOnOneLine(tex: String, text: String) {
        #expect(Formula.line(tex) == text)
    }

    private func display(_ tex: String, width: Int = 78) -> [String] {
        (Formula.display(tex, width: width) ?? []).map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    @Test func fractionsAreStacked() {
        #expect(
            display(#"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}"#) == [
                "           ________",
                "     −b ± √b² − 4ac",
                "x = ────────────────",
                "           2a",
            ])
    }

    @Test func limitsAreAboveAndBelow() {
        #expect(display(#"(\frac{a}{b}, c)"#) == [" a", "(───, c)", " b"].map { $0 == "(───, c)" ? $0 : " " + $0 })
        #expect(display(#"\sum_{i=1}^{n} i^2"#) == ["  n", "  ∑   i²", "i = 1"])
    }

    @Test func matricesHaveTallBrackets() {
        #expect(display(#"A = \begin{bmatrix} 1 & 22 \\ 3 & 4 \end{bmatrix}"#) == ["A = ⎡ 1  22 ⎤", "    ⎣ 3  4  ⎦"])
        #expect(
            display(#"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}"#) == [
                "⎧ 1  x > 0", "⎩ 0  otherwise",
            ])
    }

    @Test func equationsAlignAtTheirSigns() {
        #expect(display(#"\begin{align} a &= b \\ &= c + d \end{align}"#) == ["a = b", "  = c + d"])
    }

    @Test func tooWideFormulasAreNotDisplayed() {
        #expect(Formula.display(#"a + b + c + d"#, width: 5) == nil)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "{", #"\frac"#, "^", "'", #"\left("#, #"\begin{matrix}"#, #"\sqrt["#, "x_", "&", #"\\"#, "}", "\\",
            "\\begin{", "\\text{",
            "x", #"\frac{a}{"#, #"\not"#, #"\hat"#, "{^", "_{", #"\sqrt{"#,
        ])
    func hostileFormulasTakeBoundedTime(piece: String) {
        for count in [1, 40, Formula.maxLength / piece.utf8.count, 100_000] {
            let tex = String(repeating: piece, count: count)
            #expect(!Formula.line(tex).isEmpty)
            if let lines = Formula.display(tex, width: 80) { #expect(lines.count <= 60) }
        }
    }
}
