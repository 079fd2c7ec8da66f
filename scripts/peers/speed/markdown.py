"""What the scripts that write tables of figures share."""

import pathlib
import re


def processor():
    """"2 cores of AMD EPYC (AVX-512)", as far as Linux tells."""
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"model name\s*: (.*)", text)
    flags = re.search(r"flags\s*: (.*)", text)
    flags = flags[1].split() if flags else []
    simd = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else ""
    count = len(re.findall(r"^processor", text, re.MULTILINE))
    return f"{count} cores of {name[1] if name else 'a processor'}" + (f" ({simd})" if simd else "")


def time_text(nanoseconds):
    for unit in ("ns", "us", "ms", "s"):
        if nanoseconds < 999.5 or unit == "s":
            return f"{nanoseconds:.0f} {unit}" if nanoseconds >= 100 else f"{nanoseconds:.3g} {unit}"
        nanoseconds /= 1000
    return ""


def table(head, rows):
    """Text in the first column, figures in the others."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def replace_sections(path, sections):
    """Puts each text of {section: text} between `<!-- section: … -->` and `<!-- end of section -->` of a file, where it
    has these two comments."""
    text, found = path.read_text(encoding="utf-8"), 0
    for section, new in sections.items():
        pattern = re.compile(rf"(<!-- {section}: [^\n]*-->\n).*?(<!-- end of {section} -->)", re.DOTALL)
        text, count = pattern.subn(lambda match, new=new: match[1] + new + match[2], text)
        found += count
    if not found:
        names = " or ".join(sections)
        raise SystemExit(f"{path} has no place for {names}: two comments, <!-- NAME: … --> and <!-- end of NAME -->")
    path.write_text(text, encoding="utf-8")
