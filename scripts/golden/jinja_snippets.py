#!/usr/bin/env python3
"""Renders small templates, one feature each, with Python's jinja2.

    pip install jinja2==3.1.6
    python3 scripts/golden/jinja_snippets.py > Tests/JinjaTests/Golden/jinja_snippets.json
"""

import json
import sys

from hugging_face_jinja import render

CONTEXT = {
    "n": 7, "m": -3, "x": 2.5, "big": 12345678901234568.0, "tiny": 0.00001, "yes": True, "no": False, "nothing": None,
    "s": "Hello, World", "padded": "  two words \n", "accents": "Straße é e\u0301 ΌΣΟΣ ΟΣ", "emoji": "a👩‍👩‍👧b", "quote": "it's \"so\"",
    "list": [3, 1, 2], "words": ["pear", "Apple", "fig", "apple"], "nested": [[1, [2, "x"]], {"k": None}], "empty": [],
    "d": {"b": 1, "a": 2, "items": 5, "C": 3}, "users": [
        {"name": "Ann", "age": 30, "tags": ["x"]}, {"name": "bob", "age": 25, "tags": []}, {"name": "Cy", "age": 30}],
    "lines": "one\ntwo\r\n\nfour\u2028five",
}

EXPRESSIONS = """
1 + 2 * 3 | -2 ** 2 | 2 ** 3 ** 2 | 7 // 2 | -7 // 2 | 7 % 3 | -7 % 3 | 7 % -3 | 7.5 // 2 | -7.5 % 2 | 7 / 2 | 6 / 2
1 / 0 | 1 // 0 | 1 % 0 | 0.1 + 0.2 | 1e16 | 1e15 + 0.5 | big | tiny | 1.0 | 100000000000000000000.0 | 1e22 | 1.5e300 * 1e10
5e-324 | 123456789.123 | -0.0 | 1_000 + 0x1f + 0b11 + 0o17 | 1.5e3 | 2e-3 | 2 ** -1 | 2 ** 0.5 | true + 1
"a" + "b" | "a" ~ 1 ~ none ~ 1.0 ~ true | "ab" * 3 | 3 * "ab" | "ab" * 0 | "a" + 1 | [1] + [2] | [1, 2] * 2 | (1,) + (2,)
1 < 2 < 3 | 1 < 3 < 2 | 1 == 1.0 == true | "a" < "b" | "B" < "a" | [1, 2] < [1, 3] | 1 < "a" | none == none | none < 1
"ell" in s | "x" not in s | 3 in list | 9 in list | "a" in d | 1 in "a" | not 1 == 2 | not (1 == 1) | not not yes
yes and no or yes | nothing or "x" | 0 and 1 | "" or [] or "z" | 1 and 2 and 3 | yes if no else "other" | "v" if no
("v" if no) is defined | ("v" if no) ~ "|" | 1 if no else 2 if no else 3 | -n|abs | -n | +n | - - n | n is odd and not n is even
missing | missing.x | missing["x"] | missing() | missing + 1 | missing == missing2 | missing is undefined | missing ~ "x" | missing|length
missing|list | "a" in missing | missing < 1 | -missing | d.missing | d.missing.x | d["missing"] | list.missing | list[9] | s.missing
d.b | d["b"] | d["items"] | d.items()|list | d.keys()|list | d.values()|list | d.get("a") | d.get("z") | d.get("z", 9)
d.C + d.a | list[0] | list[-1] | list[-4] is undefined | list.0 | list[true] | list["0"] is defined | s[0] | s[-1] | s[99] is undefined
list[1:] | list[:-1] | list[::-1] | list[::2] | list[5:] | list[-2:] | s[1:4] | s[::-1] | s[-5:] | s[:5] ~ s[5:] | s[4:1] | list[::0]
emoji[1:3]|length | emoji|length | accents|length | accents[-2:] | nothing[1:] | d[1:] | list[1:2:1] | list[-1::-2] | s[10:0:-3] | list[none:2]
[1, 2,] | (1, 2) | (1,) | () | {} | {"a": 1, "b": [2]} | {1: "x", 1.0: "y", true: "z"} | {[1]: 2} | [] | [[], {}] | nested
none | true | false | [none, true, 1.0, "it's", 'say "x"', "both ' \\""] | ["\\n\\t\\\\ é \\x07 \\u200b"] | quote | [quote] | [emoji]
"\\x41\\u00e9\\U0001F600\\101\\d" | 'a' 'b' "c" | "a\\
b" | s|upper | s|lower | accents|upper | accents|lower | accents|capitalize | "hELLO wORLD"|capitalize | "hello big-world (ok)"|title
"they're bill's".title() | "ab cd".capitalize() | "aBc".swapcase() | padded|trim ~ "|" | "xxaxx"|trim("x") | padded.strip() | padded.lstrip() ~ "|"
padded.rstrip() ~ "|" | "xyaxy".strip("yx") | "a,b,c".split(",") | "a,b,c".split(",", 1) | " a  b ".split() | " a  b c ".split(none, 1)
"a,b,c".rsplit(",", 1) | " a b c ".rsplit(none, 1) | "abc".split("") | "".split() | "".split(",") | "a".split("aa") | lines.splitlines() | lines.splitlines(true)
"a-b-c".partition("-") | "a-b-c".rpartition("-") | "abc".partition("x") | s.startswith("Hell") | s.startswith(("x", "He")) | s.endswith("ld") | s.endswith("")
s.startswith("World", 7) | "aaa".replace("a", "b") | "aaa".replace("a", "b", 2) | "abc".replace("", "-") | s.find("o") | s.find("o", 5) | s.rfind("o") | s.find("zz")
s.index("W") | s.index("zz") | "aaaa".count("aa") | "abc".count("") | ", ".join(["a", "b"]) | ",".join([1]) | "-".join("abc") | "{} {}".format(1, "x")
"{0}{1}{0}".format("a", "b") | "{a}-{b[k]}".format(a=1, b={"k": 2}) | "{:>5}|{:<5}|{:^5}|{:*^7}".format("a", "b", "c", "d") | "{:.2f} {:5d} {:05d} {:,}".format(3.14159, 42, 42, 1234567)
"{!r}".format("x") | "{{}}".format() | "{}".format() | "{x}".format(y=1) | "%s and %d" % ("a", 5) | "%5.1f|%-5s|%05d|%x" % (3.14159, "ab", 42, 255) | "%(a)s" % {"a": 1} | "100%%" % ()
"%s" % [1, 2] | "%d" % "x" | "%s %s" % ("a",) | "%s"|format("z") | "%r" % "q" | "%.2s" % "abc" | "%+d % d" % (1, 2) | "%c" % 65 | "%e" % 12345.678
"abc".removeprefix("a") | "abc".removesuffix("bc") | "abc".removeprefix("x") | "12".isdigit() | "".isdigit() | "1a".isalnum() | "ab".isalpha() | " ".isspace() | "AB1".isupper() | "ab".islower()
"7".zfill(3) | "-7".zfill(4) | "ab".center(7) ~ "|" | "ab".center(5) ~ "|" | "abc".center(6) ~ "|" | "ab".ljust(5, ".") | "ab".rjust(5, ".") | s.nope() | s.__class__ | list.append(1) | list.pop() | d.update({}) | d.pop("a") | list.index(2) | list.count(2) | list.index(99)
list.sort() | list.copy() | list|length | d|length | 5|length | list|first | list|last | empty|first | empty|last | s|first | d|first | list|join | list|join("-")
users|join(", ", attribute="name") | [1, none, "a"]|join("/") | list|sort | list|sort(reverse=true) | words|sort | words|sort(case_sensitive=true) | users|sort(attribute="age,name")|map(attribute="name")|list
[1, "a"]|sort | words|unique|list | words|unique(true)|list | list|reverse|list | "abc"|reverse | words|map("upper")|list | users|map(attribute="age")|list | users|map(attribute="tags", default="-")|list
users|map(attribute="tags.0")|list | list|map("nope")|list | list|map|list | list|select("odd")|list | list|reject("odd")|list | [0, 1, "", "a"]|select|list | users|selectattr("age", "equalto", 30)|map(attribute="name")|list
users|selectattr("tags")|map(attribute="name")|list | users|rejectattr("tags")|map(attribute="name")|list | users|selectattr("tags", "defined")|list|length | users|rejectattr("age", "gt", 26)|list | list|sum | users|sum(attribute="age") | list|sum(start=10) | ["a"]|sum
list|min | list|max | words|min | users|max(attribute="age") | empty|min | list|batch(2)|list | list|batch(2, "z")|list | [1,2,3,4,5]|slice(2)|list | [1,2,3,4,5]|slice(2, "z")|list | d|dictsort | d|dictsort(true) | d|dictsort(by="value", reverse=true) | d|items|list | 5|items|list | missing|items|list
users|groupby("age")|map("first")|list | users|groupby("age")|length | "a"|default("b") | missing|default("b") | missing|default | ""|default("b") | ""|default("b", true) | none|d("x") | none|d("x", true) | missing.x|default("b")
"42"|int | "x"|int | "x"|int(5) | "3.9"|int | 3.9|int | -3.9|int | "0x1f"|int(0, 16) | "ff"|int(base=16) | none|int | "1.5"|float | "x"|float | "inf"|float | 5|float | 2.567|round(2) | 2.5|round | 3.5|round | 5|round | 2.1|round(method="ceil") | 2.19|round(1, "floor") | 15|round(-1) | -5|abs | "x"|abs
s|replace("l", "L") | s|replace("l", "L", 1) | 5|replace("5", "6") | [1,2]|string | 1.0|string | none|string | "<b>&\\"'"|e | "<b>"|escape | "<b>"|safe | "<b>"|safe + "<" + "&"|safe | "<"|e|e | "<" + ("<"|e) | "<"|safe is escaped | ["<"|safe + "<"]|join + "<" | s|wordcount | "a b"|indent | "a\\nb\\n\\nc"|indent | "a\\nb"|indent(2, true) | "a\\n\\nb"|indent(2, blank=true) | "a\\nb\\n"|indent ~ "|" | "a\\nb"|indent("> ") | ""|indent ~ "|" | "abc"|list | d|list | "ab"|center(6) ~ "|"
list|tojson | d|tojson | d|tojson(indent=2) | nested|tojson | nested|tojson(indent=1) | {"é": "<&'\\"\\n\\u0001\\x7f"}|tojson | "é😀"|tojson(ensure_ascii=true) | d|tojson(sort_keys=true) | list|tojson(separators=(",", ":")) | d|tojson(indent=2, separators=(",", " = ")) | {1: 2, none: 3, true: 4, 1.5: 5}|tojson | missing|tojson | []|tojson(indent=2) | {}|tojson(indent=2) | [1.0, 1e100, 1e16]|tojson | (1, 2)|tojson | s.upper|tojson | d|tojson(indent=0) | d.items()|tojson
list|nope | list is nope | n is defined | n is number | x is number | yes is number | yes is integer | x is integer | n is integer | x is float | yes is boolean | s is string | nothing is none | d is mapping | list is mapping | list is sequence | s is sequence | d is sequence | 5 is sequence | list is iterable | 5 is iterable | s is iterable | range is callable | s is callable
n is odd | n is even | n is divisibleby 7 | n is divisibleby(2) | n is eq 7 | n is equalto 7 | n is == 7 | n is ne 7 | n is gt 5 | n is lt(5) | n is ge 7 | n is le 6 | n is in [7, 8] | n is sameas 7 | yes is sameas true | 1 is sameas true | "ab" is lower | "AB" is upper | "upper" is filter | "zzz" is filter | "odd" is test | yes is true | no is false | 1 is true | n is not defined | n is not odd | x is not none and n
range(3)|list | range(1, 7, 2)|list | range(5, 0, -2)|list | range(0)|list | range(200000) | range(1, 2, 0) | dict(a=1, b=2) | dict([["a", 1]]) | dict({"a": 1}, b=2) | namespace(a=1).a | namespace({"a": 1}).a | namespace().x is defined | strftime_now("%Y-%m-%d") | strftime_now("%d %b %Y, %A %B %-d %H:%M:%S %j %p %I %y %%") | raise_exception("no " ~ n) | raise_exception()
2.0 is odd | 2.5 is even | x is divisibleby 2.5 | "a" % "b" | "a" % [1] | "a" % {} | "a" % missing | "%s" % missing | 5|indent | missing|indent | missing|float | missing in {1: 2} | 0 ** -1 | 0.0 ** -1
[1, 2, 3][1] | {"a": {"b": [10, 20]}}.a.b[1] | "abc"[1] | (1, 2)[0] | "a"|upper ~ "b" | "a" ~ "b"|upper | 1 + 2|string|length | [1, 2]|first + 1 | (s|length) // 2 | s.split(", ")[1][::-1]|upper | n if n > 5 else m | [n, m]|max | "x" is string is true | [1,2]|map("string")|join(",") | list|select("gt", 1)|list | users[0].name[0]|lower | users|first|length
""".strip()

TEMPLATES = [
    # White space control.
    "a {% if yes %} b {% endif %} c", "a\n{% if yes %}\nb\n{% endif %}\nc", "a\n  {% if yes %}\n  b\n  {% endif %}\n c\n",
    "a \n {%- if yes -%} \n b \n {%- endif -%} \n c", "  {%+ if yes %}b{% endif %}", "a\n  {%+ if yes +%}\nb\n  {% endif %}\nc",
    "{{ n }}\n{{ n }}\n", "{{ n -}}\n {{- n }}\n\n", "  {{ n }}  \n  {{- n }}", "a {#- c -#} b", "a\n  {# c #}\nb", "a {# c #}\n b", "  {# c #}  x",
    "{% raw %}{{ n }} {% if %}{% endraw %}!", "a\n  {% raw %}\n x {{ y }}\n  {% endraw %}\nb", "a {%- raw -%} x {%- endraw -%} b",
    "\n\n{{ n }}\n\n", "x\n", "x\n\n", "\n", "", "a\r\nb\rc\r\n", "{% set a = 1 %}\n\n{% set b = 2 %}\n{{ a }}{{ b }}", "x{% if yes %}\n\n\ny{% endif %}",
    "\t{% if yes %}\t\n\tx\t{% endif %}\t\ny", "a\u00a0{%- if yes %}b{% endif %}", "{{ '}}' }}{{ \"%}\" }}", "{{ {'a': {'b': 1}}['a'] }}", "{{{'a': 1}}}",
    "{{-n-}}", "{{ -n }}", "{{+n}}", "{%-if yes%}x{%endif-%}  y", "{ % x } {{ '{%' }} # {", "a{#\n\n#}\nb{{ 1 +\n 2 }}\n", "{% if yes -%}\n  a\n{%- else -%}\n  b\n{%- endif %}\n",
    # Statements.
    "{% if no %}a{% elif n > 5 %}b{% elif yes %}c{% else %}d{% endif %}", "{% if missing %}a{% else %}b{% endif %}", "{% if yes: %}x{% endif %}",
    "{% for i in list %}{{ i }}{% if not loop.last %},{% endif %}{% endfor %}", "{% for i in empty %}x{% else %}none{% endfor %}", "{% for i in missing %}x{% else %}e{% endfor %}", "{% for i in nothing %}x{% endfor %}", "{% for i in 5 %}x{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for c in s %}{{ c }}.{% endfor %}", "{% for a, b in [[1, 2, 3]] %}{% endfor %}", "{% for (a, (b, c)) in [[1, [2, 3]]] %}{{ a + b + c }}{% endfor %}",
    "{% for i in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }} {% endfor %}",
    "{% for i in list %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}", "{% for i in list %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}", "{% for i in [1, 1, 2] %}{{ loop.changed(i) }} {{ loop.cycle('a', 'b') }} {% endfor %}", "{% for i in list if i > 1 %}{{ i }}/{{ loop.length }} {% else %}z{% endfor %}", "{% for i in list if i > 9 %}{{ i }}{% else %}z{% endfor %}",
    "{% for i in nested recursive %}{% if i is iterable and i is not string and i is not mapping %}[{{ loop(i) }}]{% else %}{{ i }}{{ loop.depth }}{% endif %}{% endfor %}",
    "{% for i in list %}{% for j in list %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}", "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% break %}",
    "{% set a = 1 %}{% for i in list %}{% set a = i %}{{ a }}{% endfor %}{{ a }}", "{% set a = 1 %}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}", "{% set ns = namespace(a=1) %}{% for i in list %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}", "{% set d.x = 1 %}", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = [1, 2, 3] %}", "{% set a = 1, 2 %}{{ a }}", "{% set ns = namespace() %}{% set ns.a, b = 1, 2 %}{{ ns.a }}{{ b }}", "{% set true = 1 %}",
    "{% set a %}x{{ n }}y{% endset %}{{ a|upper }}", "{% set a | upper | replace('X', 'z') %}x{{ n }}y{% endset %}{{ a }}", "{% filter upper %}a{{ s }}{% endfilter %}", "{% filter replace('a', 'b')|upper %}aaa{% endfilter %}", "{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with %}{% set a = 1 %}{% endwith %}{{ a is defined }}", "{% for i in list %}{{ i }}{% set x = 9 %}{% endfor %}{{ x }}", "{% for n in list %}{{ n }}{% endfor %}{{ n }}", "{{ loop }}",
    "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=5, a=4) }} {{ m() }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}", "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}", "{% macro m(a) %}{{ a }}{{ varargs|length }}{% endmacro %}{{ m(1, 2, 3) }}", "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in{{ n }}{% endcall %}", "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) m() %}{{ a + b }}{% endcall %}", "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}", "{% macro m(x) %}{% if x > 0 %}{{ x }}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(4) }}", "{% set a = 1 %}{% macro m() %}{{ a }}{% set a = 5 %}{{ a }}{% endmacro %}{{ m() }}{{ a }}{% set a = 2 %}{{ m() }}", "{% macro m() %}{{ loop is defined }}{% endmacro %}{% for i in [1] %}{{ m() }}{% endfor %}", "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}{{ m.name }}", "{{ m() }}{% macro m() %}x{% endmacro %}", "{% macro m() %}  x\n{% endmacro %}[{{ m() }}]{{ m()|trim }}", "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% generation %}a{% set z = 1 %}{% endgeneration %}{{ z is defined }}", "{% for i in list %}{% generation %}{{ i }}{{ loop.index }}{% endgeneration %}{% endfor %}", "{% set j = joiner(', ') %}{{ j() }}a{{ j() }}b{{ j() }}c", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}",
    "{% set ns = namespace(found=false, l=[]) %}{% for u in users %}{% if u.age == 25 %}{% set ns.found = u.name %}{% endif %}{% set ns.l = ns.l + [u.age] %}{% endfor %}{{ ns.found }}{{ ns.l }}{{ ns.zz is defined }}", "{% if users[0].tags and 'x' in users[0].tags %}ok{% endif %}", "{% if users[2].tags is defined and users[2].tags %}a{% else %}b{% endif %}", "{% if users|selectattr('age', 'gt', 99) %}always{% endif %}", "{% if users|selectattr('age', 'gt', 99)|list %}a{% else %}never{% endif %}", "{{ users|map(attribute='age')|length }}", "{{ (users|map(attribute='age'))[0] is defined }}", "{{ d.items()|first }}{{ d.items()[0] is defined }}{{ d.keys()|length }}",
    "{% if x %}", "{% endif %}", "{% if %}x{% endif %}", "{{ 1 + }}", "{{ (1 }}", "{{ 1) }}", "{{ 'a }}", "{{ a b }}", "{% nope %}", "{# x", "{% for %}{% endfor %}", "{{ }}", "{% set x %}", "{% raw %}x", "{{ a.1b }}", "{{ 1.2.3 }}", "{{ $ }}", "{{ a ! b }}", "{% macro m(a=1, b) %}{% endmacro %}", "{{ f(a=1, 2) }}", "{{ f(**a, b) }}", "{% for x in y %}{% endif %}", "{% else %}", "{% call m %}{% endcall %}", "{{ x is }}", "{{ x | }}", "{{ [1, 2 }}", "{{ {1} }}", "{{ x[ }}", "{{ not }}", "{% if a is b is c %}{% endif %}", "{{ '\\x4' }}", "{{ 1 if }}", "{% extends 'x' %}", "{% include 'x' %}", "{{ a..b }}", "{{ a. }}", "{{ .5 }}", "{% set 1 = 2 %}", "{%", "{{", "{% if a %}{% else %}{% elif b %}{% endif %}",
]


def main():
    sources = ["{{ " + e.strip() + " }}" for line in EXPRESSIONS.replace("\\\n", "\\\0").split("\n") for e in line.replace("\0", "\n").split(" | ")]
    cases = [{"source": source, **render(source, CONTEXT)} for source in sources + TEMPLATES]
    json.dump({"context": CONTEXT, "cases": cases}, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
