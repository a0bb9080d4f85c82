#!/usr/bin/env python3
"""Writes the texts the embedder is tested on, with the token ids and vectors that the model's own tokenizer and a plain numpy forward pass give them.

texts.jsonl   {"text": …, "ids": […]} a line
vectors.f32   384 little-endian 32-bit floats a text, unit length

Needs: pip install numpy scipy safetensors tokenizers; MINILM_DIR = the folder with model.safetensors and tokenizer.json.
usage: make_fixtures.py FOLDER [COUNT [SEED]]     COUNT texts (default 120): the ones below, then random mixtures of them
"""
import json, os, random, sys
import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

folder = os.environ.get("MINILM_DIR", ".")
tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
weights = load_file(os.path.join(folder, "model.safetensors"))

TEXTS = """
fix the failing parser test
How do I retry a flaky network call with exponential backoff?
The quick brown fox jumps over the lazy dog.
func embed(_ texts: [String]) async throws -> [[Float]] { … }
let x = a[i] + b*c - (d / e) % f; // don't
SELECT id, name FROM episodes WHERE reward >= 0.5 AND tags LIKE '%swift%';
ERROR: expected ';' before '}' token at main.cpp:42:17
https://example.org/path/to/page?query=1&other=two#fragment
user.name+tag@example-host.co.uk
/usr/local/lib/python3.11/site-packages/__init__.py
snake_case_name camelCaseName PascalCaseName SCREAMING_SNAKE kebab-case-name
1234567890 3.14159 1e-12 0xDEADBEEF 1,000,000 50% $9.99 №5 ½ ² x³ ①②③
hello    world	with	tabs and   runs of    spaces
  leading and trailing  
unaffable unbelievably antidisestablishmentarianism supercalifragilisticexpialidocious
don't can't won't it's o'clock rock'n'roll
“curly quotes” ‘single’ «guillemets» „low“ — em – en ‐ hyphen … ellipsis
wait...what?! no!!! (really) [brackets] {braces} <angle> ~tilde~ `code` ^caret^ |pipe| \\backslash\\
[CLS] and [SEP] and [MASK] and [PAD] and [UNK] are markers, [cls] and [ CLS ] are not
a[MASK]b [[MASK]] [MASK][MASK] [MASK
## heading ##not a piece #hashtag @mention
Ünïcödé ÀÉÎÕÜ ñ ç å ø æ œ ß ẞ ð þ ł đ
café cafe\u0301 café naïve nai\u0308ve Z\u0351\u036f\u0321a\u0321lg\u0321o\u0321
\u0301 accent alone, a\u0301\u0302\u0303\u0304 stacked, \u0323\u0307q\u0307\u0323 ordered
İstanbul'da ışıl ışıl bir İĞDIR sabahı, ŞÇÖÜĞ şçöüğ ıI
Straße GROSSE STRASSE Fußgängerübergänge Größenwahn
Tiếng Việt rất đẹp: Hà Nội, Đà Nẵng, Thành phố Hồ Chí Minh
Ångström Å Å Ω Ω K K ﬁ ﬂ ﬃ ﬅ Ǆ ǅ ǆ Ĳ ŉ
Příliš žluťoučký kůň úpěl ďábelské ódy
Zażółć gęślą jaźń
Árvíztűrő tükörfúrógép
Το γρήγορο καφέ αλεπού ΣΊΣΥΦΟΣ σίσυφος ΐ ΰ Ά ἄνθρωπος ᾧ ῾Ελλάς ;
Съешь же ещё этих мягких французских булок, ЙОД, Ёлка, їжак, ґава
Любимият ми ден е неделя; ѝ
На берегу пустынных волн стоял он, дум великих полн
العربية لغة جميلة، مُحَمَّد ؟ ٱلْعَرَبِيَّة ١٢٣
شما چطور هستید؟ می‌خواهم
اردو زبان ۔ آپ کیسے ہیں
שלום עולם, הַשָּׁלוֹם בְּרֵאשִׁית
हिन्दी में लिखा हुआ वाक्य, क्या हाल है? ज़रूर क़लम
नमस्ते दुनिया। १२३
বাংলা ভাষা কো ৌ ড়
தமிழ் மொழி கொடு பௌர்ணமி
తెలుగు ಕನ್ನಡ ಕೋ മലയാളം കൊ සිංහල කෝ
ภาษาไทยไม่มีช่องว่างระหว่างคำ
ລາວ ភាសាខ្មែរ မြန်မာ བོད་ཡིག
ქართული ენა ᲥᲐᲠᲗᲣᲚᲘ Հայերեն լեզու և
አማርኛ ቋንቋ።
我喜欢吃苹果和香蕉。今天天气很好!
繁體中文測試,標點「引號」、頓號;全形!?
日本語のテスト。カタカナ、ひらがな、漢字。がぎぐげご パピプ ヵヶ ー
日本 東京 大阪 が か\u3099 ガ カ\u3099
ﾊﾝｶｸ ｶﾞ ＦＵＬＬＷＩＤＴＨ　ｔｅｘｔ１２３！
한국어 문장입니다. 안녕하세요 각 강 값
\u1112\u1161\u11ab\u1100\u1173\u11af jamo and 한글 syllables
豈更車賈滑串句龜龜契金喇奈懶癩羅 﨎﨏﨑 \U0002f800\U0002f801\U0002fa1d
\U00020000\U0002a6d6\U0002a700\U0002b740\U0002b820\U0002b920\U0002ceb0\U00030000 rare ideographs
😀 😃 😄 smile 👍🏽 👨‍👩‍👧‍👦 family 🇩🇪 flag ❤️ heart ☃ ✈️
rocket🚀launch 🎉party🎉 no🔥space
🏳️‍🌈 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f #️⃣ 1️⃣
∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β → γ ≠ δ ≤ ∞ ∑∏∫√∂ ≮ ≯
← ↑ → ↓ ⇒ ⇔ ■ □ ▲ ● ★ ☆ ♠ ♥ ♦ ♣ ♪ ♫ ✓ ✗
€ £ ¥ ¢ ₹ ₽ ₿ © ® ™ § ¶ † ‡ • ° ± × ÷ µ ¿ ¡
𝐌𝐚𝐭𝐡 𝕓𝕠𝕝𝕕 𝒮𝒸𝓇𝒾𝓅𝓉 ℌ ℵ ⅷ Ⅷ ⒜ ⓐ
\U0001d15e\U0001d15f\U0001d164\U0001d1bb music \u302e\u302f tones
zero\u200bwidth\u200cnon\u200djoiner\ufeffbom soft\u00adhyphen word\u2060joiner
right\u202eto\u202cleft \u2066isolate\u2069 \u061c\u200e\u200f
no-break\u00a0space thin\u2009space ideographic\u3000space narrow\u202fspace line\u2028separator paragraph\u2029end ogham\u1680x
control\x01\x02\x03 chars\x07\x08 here\x1b[31mred\x1b[0m del\x7f c1\x80\x85\x9f nul\x00end
vertical\x0btab form\x0cfeed carriage\rreturn line\nfeed
replacement \ufffd char private \ue000\uf8ff use \U000f0000 unassigned \u0378\u0380 non \uffff \ufffe\U0001ffff
tag \U000e0001 variation \ufe0f\ufe00 \U000e0100 interlinear \ufff9\ufffa\ufffb
a\u0488\u0489 enclosing a\u20dd\u20e3 mongolian \u180b\u180e \u1806
newer marks a\u1ac0b a\u0898b a\U00011f5ab a\u1df9b \U0001e131
\u0f73\u0f75\u0f81 \u0958\u09dc\u0a33\u0b5c\u0dda \u2126\u212a\u212b\u1e9e\u0130
Ⓐⓩ ᏣᎳᎩ ꮳ 𐐀𐐨 𞤀𞤢 Ⴀⴀ Ⲁⲁ Ꙁꙁ Ꞌ
""".strip("\n").split("\n")
TEXTS += ["", " ", "\n\t", "\x00", "\u0301", "\u200b", "a", "I", ".", "...", "é", "中", "😀", "[CLS]", "[UNK]", "##a", "x" * 99, "x" * 100, "x" * 101,
          "é" * 100, "é" * 101, "각" * 34, "a\u0301" * 100, "lorem ipsum " * 6, "word " * 254, "word " * 255, "long text " * 400,
          "!" * 300, "中" * 300, "unbelievably" * 40, "\n".join(f"step {i}: ran tool {i * 7}" for i in range(12))]


def texts(count, seed):
    random.seed(seed)
    result, words = TEXTS[:count], [w for t in TEXTS if len(t) < 200 for w in t.split(" ")]
    while len(result) < count:
        kind = random.random()
        if kind < 0.7: result.append(" ".join(random.choice(words) for _ in range(int(random.expovariate(1 / 14)) + 1)))
        elif kind < 0.9: result.append("".join(random.choice(random.choice(TEXTS) or " ") for _ in range(random.randint(1, 60))))
        else: result.append("".join(chr(c) for c in (random.randrange(0x3000) if random.random() < 0.8 else random.randrange(0x20000)
                                                    for _ in range(random.randint(1, 30))) if not 0xD800 <= c < 0xE000))
    return result


def normalized(x, name):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, name): return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def vector(ids):
    count, prefix = len(ids), "embeddings."
    x = normalized(weights[prefix + "word_embeddings.weight"][ids] + weights[prefix + "position_embeddings.weight"][:count]
                   + weights[prefix + "token_type_embeddings.weight"][0], prefix + "LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}."
        q, k, v = (linear(x, name + "attention.self." + part).reshape(count, 12, 32).transpose(1, 0, 2) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / np.float32(32) ** 0.5
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(count, 384)
        x = normalized(x + linear(context, name + "attention.output.dense"), name + "attention.output.LayerNorm")
        hidden = linear(x, name + "intermediate.dense")
        hidden = hidden * 0.5 * (1 + erf(hidden * np.float32(0.5 ** 0.5)))
        x = normalized(x + linear(hidden, name + "output.dense"), name + "output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


if __name__ == "__main__":
    target, count, seed = sys.argv[1], int((sys.argv[2:] or [120])[0]), int((sys.argv[3:] or [1])[0])
    samples = texts(count, seed)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(samples)]
    with open(os.path.join(target, "texts.jsonl"), "w") as file:
        for text, tokens in zip(samples, ids): file.write(json.dumps({"text": text, "ids": tokens}, separators=(",", ":")) + "\n")
    np.array([vector(tokens) for tokens in ids], "<f4").tofile(os.path.join(target, "vectors.f32"))
    print(f"{count} texts, {sum(map(len, ids))} tokens, {len(TEXTS)} written ones, seed {seed}")
