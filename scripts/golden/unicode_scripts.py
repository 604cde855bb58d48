"""Writes the table of Unicode scripts, Sources/Tokenizers/Patterns/UnicodeScriptTable.swift, as the pattern library of
`tokenizers` 0.22.1 has it (Unicode 16).

    python scripts/golden/unicode_scripts.py

Needs the package `tokenizers`.
"""
from pathlib import Path

from tokenizers import Regex
from tokenizers.pre_tokenizers import Split

OUTPUT = Path(__file__).parents[2] / "Sources/Tokenizers/Patterns/UnicodeScriptTable.swift"
NAMES = """
Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi
Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic
Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic
Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Gurung_Khema Han Hangul
Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian
Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin
Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi
Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar
Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian
Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage
Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada
Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa
Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri Toto Tulu_Tigalari
Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square
""".split()


def ranges(name, text, scalars):
    """The ranges of numbers of a script's characters."""
    found = Split(Regex(rf"\p{{{name}}}+"), "removed", invert=True).pre_tokenize_str(text)
    result = []
    for _, (start, end) in found:
        # Surrogates are not in the text, so neighbours in it may be none in Unicode.
        for scalar in scalars[start:end]:
            if result and result[-1][1] + 1 == scalar:
                result[-1][1] = scalar
            else:
                result.append([scalar, scalar])
    return result


def main():
    # No script has characters in the planes between these.
    scalars = [*range(0xD800), *range(0xE000, 0x40000), *range(0xE0000, 0xE1000)]
    text = "".join(map(chr, scalars))
    lines = []
    for name in NAMES:
        words = [name.replace("_", "").lower()]
        words += [f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges(name, text, scalars)]
        line = ""
        for word in words:
            if len(line) + len(word) + 1 > 108:
                lines.append(line + " \\")
                line = ""
            line += (" " if line else "") + word
        lines.append(line)
    OUTPUT.write_text(
        "/// The characters of each Unicode script (Unicode 16), made by scripts/golden/unicode_scripts.py.\n"
        "enum UnicodeScriptTable {\n"
        "    /// A line for each script: its name without spaces in small letters, and ranges of numbers in hexadecimal.\n"
        '    static let text = """\n' + "".join(f"        {line}\n" for line in lines) + '        """\n}\n')


main()
