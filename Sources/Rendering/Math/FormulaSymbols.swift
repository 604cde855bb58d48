/// The Unicode symbols of TeX's commands.
enum FormulaSymbols {
    /// The spacing around a symbol.
    enum Spacing: Sendable {
        case ordinary
        /// Blanks on both sides, unless it is a sign.
        case binary
        /// Blanks on both sides.
        case relation
        /// A blank after it.
        case punctuation
    }

    static let ordinary: [String: String] = table(
        """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ \
        nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ \
        omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω \
        infty ∞ partial ∂ nabla ∇ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ beth ℶ wp ℘ imath ı jmath ȷ emptyset ∅ varnothing ∅ \
        forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ measuredangle ∡ triangle △ square □ Box □ \
        blacksquare ■ diamond ⋄ Diamond ◇ bullet • star ⋆ dagger † ddagger ‡ degree ° prime ′ backprime ‵ \
        ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ qed ∎ checkmark ✓ complement ∁ \
        lbrace { rbrace } { { } } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ \
        rVert ‖ Vert ‖ | ‖ lbrack [ rbrack ] backslash \\ # # $ $ % % & & _ _ S § P ¶ copyright © pounds £ euro € \
        hslash ℏ Bbbk 𝕜 clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ sharp ♯ flat ♭ natural ♮ mho ℧ eth ð surd √ \
        colon : dag † ss ß ae æ AE Æ o ø O Ø aa å AA Å
        """)

    static let binary: [String: String] = table(
        """
        pm ± mp ∓ times × div ÷ cdot · ast ∗ circ ∘ cup ∪ cap ∩ setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ \
        oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ uplus ⊎ sqcup ⊔ sqcap ⊓ amalg ⨿ bmod mod ltimes ⋉ rtimes ⋊ bowtie ⋈
        """)

    static let relations: [String: String] = table(
        """
        leq ≤ le ≤ leqslant ⩽ geq ≥ ge ≥ geqslant ⩾ neq ≠ ne ≠ equiv ≡ approx ≈ approxeq ≊ sim ∼ simeq ≃ cong ≅ propto ∝ \
        ll ≪ gg ≫ prec ≺ succ ≻ preceq ⪯ succeq ⪰ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ \
        subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubseteq ⊑ sqsupseteq ⊒ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣ \
        models ⊨ vDash ⊨ doteq ≐ triangleq ≜ coloneqq ≔ asymp ≍ lesssim ≲ gtrsim ≳ to → gets ← rightarrow → leftarrow ← \
        leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ mapsto ↦ longmapsto ⟼ \
        longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ \
        uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ \
        hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ rightleftharpoons ⇌ \
        rightsquigarrow ⇝ twoheadrightarrow ↠ xrightarrow → xleftarrow ← therefore ∴ because ∵ nleq ≰ ngeq ≱ lt < gt >
        """)

    /// Operators with limits above and below when displayed.
    static let largeOperators: [String: String] = table(
        """
        sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigsqcup ⨆
        """)
    static let integrals: [String: String] = table("int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯")
    /// Upright names that take limits.
    static let limitNames: Set<String> = [
        "lim", "limsup", "liminf", "max", "min", "sup", "inf", "argmax", "argmin", "det", "gcd", "Pr",
    ]
    static let functionNames: Set<String> = [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth", "exp",
        "log",
        "ln", "lg", "arg", "deg", "dim", "hom", "ker", "mod",
    ]

    static let accents: [String: String] = [
        "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}", "overline": "\u{305}", "vec": "\u{20D7}",
        "tilde": "\u{303}", "widetilde": "\u{303}", "dot": "\u{307}", "ddot": "\u{308}", "check": "\u{30C}",
        "breve": "\u{306}", "acute": "\u{301}", "grave": "\u{300}", "mathring": "\u{30A}", "underline": "\u{332}",
        "overrightarrow": "\u{20D7}",
    ]

    static let spaces: [String: Int] = [
        ",": 0, ":": 1, ";": 1, ">": 1, "!": 0, " ": 1, "quad": 2, "qquad": 4, "enspace": 1, "thinspace": 0,
        "hspace": 1,
        "~": 1,
    ]

    /// Commands without a visible effect here.
    static let ignored: Set<String> = [
        "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "big", "Big", "bigg",
        "Bigg",
        "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "middle", "mathstrut", "strut",
        "boldmath", "centering", "allowbreak", "hfill", "hline",
    ]

    /// Commands whose argument is plain text.
    static let wordCommands: Set<String> = [
        "text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "operatorname", "operatorname*", "textnormal",
    ]
    /// Commands whose argument is shown unchanged.
    static let transparent: Set<String> = [
        "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm", "mathop", "mathbin",
        "mathrel",
        "mathord", "pmb", "emph", "smash", "boxed", "cancel", "hphantom", "color", "ensuremath",
    ]

    static let doubleStruck = alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙")
    static let script = alphabet("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ")
    static let fraktur = alphabet("CHIRZ", "ℭℌℑℜℨ")

    static let fractions = table(
        """
        1/2 ½ 1/3 ⅓ 2/3 ⅔ 1/4 ¼ 3/4 ¾ 1/5 ⅕ 2/5 ⅖ 3/5 ⅗ 4/5 ⅘ 1/6 ⅙ 5/6 ⅚ 1/8 ⅛ 3/8 ⅜ 5/8 ⅝ 7/8 ⅞
        """)
    static let superscripts = alphabet(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ′*∗∘",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ′**°")
    static let subscripts = alphabet(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

    /// Parses pairs of a name and a symbol, separated by spaces.
    private static func table(_ text: String) -> [String: String] {
        let words = text.split(separator: " ").map(String.init)
        var table: [String: String] = [:]
        for index in stride(from: 0, to: words.count - 1, by: 2) { table[words[index]] = words[index + 1] }
        return table
    }

    private static func alphabet(_ plain: String, _ styled: String) -> [Character: Character] {
        Dictionary(zip(plain, styled), uniquingKeysWith: { first, _ in first })
    }
}
