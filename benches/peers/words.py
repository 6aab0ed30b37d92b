"""Words that nobody wrote, made from a seed, to change texts with: the same seed gives the same word on every machine."""
import hashlib
import re

CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxyz", "aeiou"
WORD = re.compile(r"[^\W_]+")


def number(*seed):
    """64 bits that depend on nothing but the seed."""
    return int.from_bytes(hashlib.blake2b("\0".join(map(str, seed)).encode("utf-8"), digest_size=8).digest(), "big")


def invented(seed, length):
    """A word of at least three letters, consonants and vowels in turn."""
    bits, out = number("word", seed), []
    for place in range(max(3, length)):
        if bits < 1 << 16:
            bits = number("word", seed, place)
        letters = VOWELS if place % 2 else CONSONANTS
        bits, index = divmod(bits, len(letters))
        out.append(letters[index])
    return "".join(out)


def dressed(word, like):
    """`word` with the capitals of `like`."""
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[0].isupper() else word
