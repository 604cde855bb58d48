"""What the reference's source says about a family: which metadata keys it reads."""
import re
from functools import cache
from pathlib import Path


class ReferenceSource:
    """llama.cpp's source folder."""

    def __init__(self, folder):
        self.folder = Path(folder) / "src"
        archs = (self.folder / "llama-arch.cpp").read_text()
        self.arch_names = dict(re.findall(r'\{ (LLM_ARCH_\w+), +"([\w-]+)" +\}', archs))
        self.key_names = dict(re.findall(r'\{ (LLM_KV_\w+), +"%s\.([\w.]+)" +\}', archs))
        model = (self.folder / "llama-model.cpp").read_text()
        cases = re.findall(r"case (LLM_ARCH_\w+):\s+return new (llama_model_\w+)\(", model)
        self.classes = {self.arch_names[arch]: name for arch, name in cases}
        self.common = _function(model, r"void llama_model_base::load_hparams\(")

    def keys(self, family):
        """The keys that the family reads, as `attention.head_count`."""
        text = self._class_keys(self.classes[family]) + self.common
        return {self.key_names[key] for key in re.findall(r"LLM_KV_\w+", text) if key in self.key_names}

    def own_keys(self, family):
        """The keys that are read for this family but not for all."""
        text = self._class_keys(self.classes[family])
        return {self.key_names[key] for key in re.findall(r"LLM_KV_\w+", text) if key in self.key_names}

    def _class_keys(self, name):
        text = ""
        while name in self._bases and not text:
            for source in self._sources:
                text += _function(source, rf"void {name}::load_arch_hparams\(")
            name = self._bases[name]
        # A function that reads the key for several families.
        return text + ("LLM_KV_ATTENTION_SLIDING_WINDOW_PATTERN" if "load_swa_pattern" in text else "")

    @property
    @cache
    def _sources(self):
        return [path.read_text() for path in sorted((self.folder / "models").glob("*.cpp"))]

    @property
    @cache
    def _bases(self):
        header = (self.folder / "models" / "models.h").read_text()
        return dict(re.findall(r"struct (llama_model_\w+) : public (\w+)", header))


def _function(text, start):
    found = re.search(start + r".*?\n\}", text, re.DOTALL)
    return found[0] if found else ""
