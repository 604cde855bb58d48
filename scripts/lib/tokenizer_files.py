"""Small tokenizers of every kind, trained here, and random strings, for comparing `tokenizer.json` with the package
`tokenizers`. Used by scripts/golden/tokenizer_files.py and scripts/check-tokenizers."""
import base64
import json
import random
import struct
import unicodedata
from pathlib import Path

from tokenizers import (
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers)

ROOT = Path(__file__).parents[2]
TOKENS = 900

LANGUAGES = """
Die Übergrößenträger kämen naïve Fußgänger; señor Peña's café — l'œuvre d'été, où ça? Ελλάδα και Σωκράτης. Москва, привет
мир! İstanbul'da güzel bir gün. Việt Nam đường phố. 東京都は日本の首都です。ラーメンとカレー。中文分词很有意思,今天天气很好。한국어 토큰화는 재미있다.
العربية لغة جميلة، والعبرية: שלום עולם. हिन्दी में लिखना। ภาษาไทยไม่มีช่องว่าง 1234567 3.14159 0xFF 😀 👨‍👩‍👧‍👦 🇩🇪 ❤️ ﬁn ①②③ ＡＢＣ ｶﾀｶﾅ
""".replace("\n", " ")


def training_text():
    text = (ROOT / "Tests/InferenceTests/Golden/text.txt").read_text()
    return [line for line in text.splitlines(keepends=True) if line.strip()] + [LANGUAGES] * 8


# Character maps of SentencePiece


def character_map():
    """A small map in SentencePiece's format: compatibility forms of some ranges, white space, and removed characters."""
    replaced = {"\n": " ", "\t": " ", "\r": "", "\u200b": " ", "\u3000": " ", "\u00a0": " ", "\u0001": "", "\u007f": ""}
    ranges = [(0xA0, 0x250), (0x2000, 0x2200), (0x2460, 0x2500), (0x3000, 0x3400), (0xFB00, 0xFB07), (0xFE30, 0x10000)]
    for scalar in (scalar for low, high in ranges for scalar in range(low, high)):
        form = unicodedata.normalize("NFKC", chr(scalar))
        if form != chr(scalar):
            replaced.setdefault(chr(scalar), form)
    # Composed from a letter and a mark: clusters of two characters.
    for letter in "aeiouAEIOUnc":
        for mark in "\u0300\u0301\u0302\u0303\u0308\u0327":
            form = unicodedata.normalize("NFC", letter + mark)
            if len(form) == 1:
                replaced[letter + mark] = form
    return double_array(replaced)


def double_array(replaced):
    texts, positions = bytearray(), {}
    for text in dict.fromkeys(replaced.values()):
        positions[text] = len(texts)
        texts += text.encode() + b"\0"
    root = {}
    for key, text in replaced.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = positions[text]
    units, used = {0: 0}, {0}
    waiting = [(0, root)]
    while waiting:
        index, children = waiting.pop()
        base = next(base for base in range(max(1, len(used) - 512), 1 << 20)
                    if not used.intersection(base ^ label for label in children) and (index ^ base) < 1 << 21)
        units[index] |= (index ^ base) << 10 | ((0 in children) << 8)
        for label, child in children.items():
            used.add(base ^ label)
            if label == 0:
                units[base] = child | 1 << 31
            else:
                units[base ^ label] = label
                waiting.append((base ^ label, child))
    array = [units.get(index, 0) for index in range((max(units) | 0xFF) + 1)]
    return struct.pack(f"<I{len(array)}I", 4 * len(array), *array) + bytes(texts)


# Tokenizers


def added(content, **flags):
    return AddedToken(content, **{"normalized": False, "special": False} | flags)


EXTRA_TOKENS = [
    added("<tag>"), added("<word>", single_word=True), added("<left>", lstrip=True), added("<right>", rstrip=True),
    added("<both>", lstrip=True, rstrip=True), added("Zürich", normalized=True), added("<t"), added("<tagged>"),
    added("\n\n\n"), added("    "),
]


def trained(model, trainer, normalizer=None, splitter=None, processor=None, decoder=None, special=(), extra=EXTRA_TOKENS):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if splitter:
        tokenizer.pre_tokenizer = splitter
    tokenizer.train_from_iterator(training_text(), trainer(
        vocab_size=TOKENS, show_progress=False, special_tokens=[AddedToken(name, special=True) for name in special]))
    if processor:
        tokenizer.post_processor = processor(tokenizer) if callable(processor) else processor
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.add_tokens(list(extra))
    return tokenizer


def bytes_trainer(**settings):
    return trainers.BpeTrainer(initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **settings)


def fallback_trainer(**settings):
    settings["special_tokens"] += [AddedToken(f"<0x{byte:02X}>", special=True) for byte in range(256)]
    return trainers.BpeTrainer(limit_alphabet=200, **settings)


def with_byte_tokens(tokenizer):
    """The same tokenizer, whose tokens of bytes are tokens of the model only."""
    fields = json.loads(tokenizer.to_str())
    fields["added_tokens"] = [token for token in fields["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(fields))


def around(before, after):
    def processor(tokenizer):
        names = before + after
        return processors.TemplateProcessing(
            single=" ".join([*before, "$A", *after]), pair=" ".join([*before, "$A", *after, "$B", *after]),
            special_tokens=[(name, tokenizer.token_to_id(name)) for name in dict.fromkeys(names)])
    return processor


LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")


def gpt2():
    return trained(
        models.BPE(), bytes_trainer, splitter=pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
        processor=processors.ByteLevel(trim_offsets=False), decoder=decoders.ByteLevel(),
        special=["<|endoftext|>", "<|im_start|>", "<|im_end|>"])


def llama3():
    return trained(
        models.BPE(ignore_merges=True), bytes_trainer, splitter=pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]),
        processor=around(["<|begin|>"], []), decoder=decoders.ByteLevel(), special=["<|begin|>", "<|end|>"])


def llama2():
    return with_byte_tokens(trained(
        models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"), fallback_trainer,
        normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        processor=around(["<s>"], ["</s>"]),
        decoder=decoders.Sequence([
            decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
        special=["<unk>", "<s>", "</s>"]))


def metaspace():
    return with_byte_tokens(trained(
        models.BPE(byte_fallback=True, unk_token="<unk>"), fallback_trainer,
        splitter=pre_tokenizers.Metaspace(prepend_scheme="first"), decoder=decoders.Sequence([
            decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")]), special=["<unk>"]))


def words_end():
    """As in CLIP and the first GPT."""
    return trained(
        models.BPE(end_of_word_suffix="</w>", unk_token="<unk>", fuse_unk=True),
        lambda **settings: trainers.BpeTrainer(end_of_word_suffix="</w>", limit_alphabet=150, **settings),
        normalizer=normalizers.Sequence([
            normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
        splitter=pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
            pre_tokenizers.BertPreTokenizer()]),
        processor=lambda tokenizer: processors.RobertaProcessing(
            ("<end>", tokenizer.token_to_id("<end>")), ("<start>", tokenizer.token_to_id("<start>"))),
        decoder=decoders.BPEDecoder(), special=["<unk>", "<start>", "<end>"])


def prefixed():
    """Byte-pair encoding with a prefix for the parts of words, and characters that are unknown one by one."""
    return trained(
        models.BPE(continuing_subword_prefix="##", unk_token="<unk>"),
        lambda **settings: trainers.BpeTrainer(continuing_subword_prefix="##", limit_alphabet=120, **settings),
        normalizer=normalizers.NFKD(), splitter=pre_tokenizers.Sequence([
            pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(behavior="contiguous"),
            pre_tokenizers.UnicodeScripts()]),
        decoder=decoders.WordPiece(prefix="##", cleanup=False), special=["<unk>"])


def unigram_trainer(**settings):
    return trainers.UnigramTrainer(unk_token="<unk>", max_piece_length=12, **settings)


def unigram():
    return trained(
        models.Unigram(), unigram_trainer, normalizer=normalizers.Sequence([
            normalizers.Precompiled(character_map()), normalizers.Strip(left=False),
            normalizers.Replace(Regex(" {2,}"), "▁")]),
        splitter=pre_tokenizers.Metaspace(), processor=around([], ["</s>"]), decoder=decoders.Metaspace(),
        special=["<unk>", "</s>"])


def unigram_bytes():
    tokenizer = trained(
        models.Unigram(), unigram_trainer, normalizer=normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()]),
        splitter=pre_tokenizers.Metaspace(split=False, prepend_scheme="never"),
        decoder=decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="never")]),
        special=["<unk>", "</s>"], extra=[])
    fields = json.loads(tokenizer.to_str())
    fields["model"]["vocab"] += [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
    fields["model"]["byte_fallback"] = True
    return Tokenizer.from_str(json.dumps(fields))


def bert():
    return trained(
        models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20), trainers.WordPieceTrainer,
        normalizer=normalizers.BertNormalizer(), splitter=pre_tokenizers.BertPreTokenizer(),
        processor=lambda tokenizer: processors.BertProcessing(
            ("[SEP]", tokenizer.token_to_id("[SEP]")), ("[CLS]", tokenizer.token_to_id("[CLS]"))),
        decoder=decoders.WordPiece(), special=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])


def words():
    return trained(
        models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer,
        normalizer=normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip()]),
        splitter=pre_tokenizers.Whitespace(), special=["[UNK]"])


TOKENIZERS = [gpt2, llama3, llama2, metaspace, words_end, prefixed, unigram, unigram_bytes, bert, words]


# Steps alone


def splitters():
    """Pre-tokenizers with what is not in the tokenizers above."""
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        yield pre_tokenizers.Split(" ", behavior)
        yield pre_tokenizers.Split(Regex(r"[aeiou]|\s+"), behavior, invert=True)
        yield pre_tokenizers.Split(Regex(r"(?=[A-Z])|\d*"), behavior)
        yield pre_tokenizers.Punctuation(behavior)
    yield pre_tokenizers.Split("", "isolated")
    yield pre_tokenizers.Digits(False)
    yield pre_tokenizers.FixedLength(3)
    yield pre_tokenizers.CharDelimiterSplit("e")
    yield pre_tokenizers.UnicodeScripts()
    yield pre_tokenizers.Whitespace()
    yield pre_tokenizers.ByteLevel(add_prefix_space=True)
    yield pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always", split=False)])
    yield pre_tokenizers.Sequence([pre_tokenizers.Punctuation(), pre_tokenizers.Metaspace("_", "first")])
    for pattern in PATTERNS:
        yield pre_tokenizers.Split(Regex(pattern), "isolated")


PATTERNS = [
    LLAMA3, r"\w+|[^\w\s]+", r"[\p{Han}\p{Hiragana}\p{Katakana}]+|\p{Latin}+|\p{Cyrillic}++",
    r"(?i:k|s|à|Σ)+", r"(?<=[a-z])(?=[A-Z])|(?<![0-9])5", r"\b\w", r"^.|.$", r"(?>a|ab)c?|\h{2,3}?", r"[[:alpha:]&&[^aeiou]]+",
    r"[^\S\n]+|\R", r"(?m:'.)|\p{^L}{2}", r"\p{Lu}\p{M}*?|\P{Ll}", r"[[:punct:]]+|[\x{1F300}-\x{1FAFF}]|\u4e00", r"\S+?(?=e|$)",
    r"(?:[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*)", r"(?:a{2}?|b{,2}|[]x-]|\])",
    r"\p{Sc}|\p{Currency_Symbol}|\p{Nd}+|\p{No}|\p{Zs}|\p{Cf}|\p{Cn}", "(?x: \\d+ # digits\n | [a-c] )|(?i)Q|\\p{alnum}\\Z",
]


def changers():
    """Normalizers alone."""
    yield from (normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(), normalizers.Lowercase())
    yield from (normalizers.StripAccents(), normalizers.Nmt(), normalizers.ByteLevel(), normalizers.Prepend("▁"))
    yield from (normalizers.Strip(), normalizers.Strip(left=True, right=False), normalizers.Strip(left=False, right=True))
    yield normalizers.Precompiled(character_map())
    yield normalizers.BertNormalizer()
    yield normalizers.BertNormalizer(clean_text=False, strip_accents=True, lowercase=False)
    yield normalizers.Replace(Regex(r"(?i)e|\s*$"), "<>")
    yield normalizers.Replace("", ".")


# Random strings

WORDS = """the of and to in is Zürich naïve façade Übergrößenträger œuvre señor straße Ελλάδα ΣΟΦΌΣ Москва привет İstanbul ǅungla
Việt Nam đường don't I'M we've 'tis O'clock rock'n'roll HELLO World camelCase snake_case internationalization""".split()
CODE = ["def f(x):\n    return x + 1", "\t\tif (a != b) && !c", "https://example.org/a?b=c&d=%20#e", "a->b::c", "0xDEADBEEF",
        "1_000_000", "$5.00", "...", "===", "x = {'a': [1, 2.5e-3]}"]
EMOJI = ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪", "❤️", "1️⃣", "🧑🏿‍🚀", "🫠", "\u200d", "\ufe0f"]
SPACES = [" ", "  ", "    ", "\t", "\n", "\r\n", "\n\n", "\n\n\n", "\u00a0", "\u3000", "\u2003", "\u2028", "\u0085", "\u200b", "\v",
          "\f", "\r", " " * 9]
RANGES = [
    (0x4E00, 0x9FA5), (0x3041, 0x30FF), (0xAC00, 0xD7A3), (0x1100, 0x11FF), (0x05D0, 0x05EA), (0x0620, 0x06D5), (0x0900, 0x097F),
    (0x0E01, 0x0E5B), (0xA1, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x300, 0x36F), (0x2000, 0x2BFF), (0x00, 0x1F), (0x7F, 0x9F),
    (0xFB00, 0xFB4F), (0xFF01, 0xFFEE), (0x1D400, 0x1D7FF), (0x20000, 0x2A6D0), (0x1F300, 0x1FAFF), (0xE000, 0xE0FF),
    (0xF900, 0xFAFF), (0x1E00, 0x1FFF), (0x0590, 0x08FF), (0x1AB0, 0x1AFF)]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "⅓½²³⑩Ⅻ", "𝟎𝟙𝟤", "〇一二三"]
MARKS = ["\u0301", "\u0300", "\u0323", "\u0308", "\u0327", "\u093c", "\u3099", "\u05b0", "\u0338"]
SPECIALS = [
    "<|endoftext|>", "<|im_start|>", "<|begin|>", "<|end|>", "<s>", "</s>", "<unk>", "<start>", "<end>", "[CLS]", "[SEP]", "[UNK]",
    "[MASK]", "<0x0A>", "<0xC3>", "▁", "▁▁", "##ing", "</w>", "<repo_name>", *(token.content for token in EXTRA_TOKENS)]


def piece(rng):
    kind = rng.randrange(14)
    if kind <= 2:
        return rng.choice(["", " ", " "]) + rng.choice(WORDS)
    if kind == 3:
        return rng.choice(CODE)
    if kind <= 5:
        return rng.choice(["", " ", "a", "  "]) + rng.choice(SPECIALS) + rng.choice(["", " ", "b"])
    if kind == 6:
        return rng.choice(EMOJI) * rng.choice([1, 1, 2])
    if kind == 7:
        return rng.choice(SPACES) * rng.choice([1, 1, 2])
    if kind == 8:
        return "".join(rng.choice(rng.choice(DIGITS)) for _ in range(rng.randint(1, 7)))
    if kind == 9:
        return "".join(rng.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") for _ in range(rng.randint(1, 5)))
    if kind == 10:
        return rng.choice("aeioucnAEIOUかはדक") + "".join(rng.choice(MARKS) for _ in range(rng.randint(1, 4)))
    if kind == 11:
        return "".join(chr(rng.randint(0x20, 0x7E)) for _ in range(rng.randint(1, 10)))
    if kind == 12:
        low, high = rng.choice(RANGES)
        return "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 8)))
    return "".join(anything(rng) for _ in range(rng.randint(1, 3)))


def anything(rng):
    """Any character of the planes in use, assigned or not."""
    while True:
        scalar = rng.randint(0, 0x3FFFF)
        if not 0xD800 <= scalar <= 0xDFFF:
            return chr(scalar)


def strings(count, seed):
    rng = random.Random(seed)
    return [""] + ["".join(piece(rng) for _ in range(rng.randint(1, 9))) for _ in range(count - 1)]


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def expected(tokenizer, text):
    """Hashes of the tokens with those that are put around the text, and of the decoded text. Instead of a text with bytes
    that are not UTF-8, a hyphen: the reference then shows no byte of the run, and Sotto as much as it can."""
    ids = tokenizer.encode(text).ids
    decoded = tokenizer.decode(ids)
    return fnv1a(struct.pack(f"<{len(ids)}I", *ids)) + " " + ("-" if "\ufffd" in decoded else fnv1a(decoded.encode()))
