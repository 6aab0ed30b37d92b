#!/usr/bin/env python3
"""Paragraphs of which dolma has seen most runs of five words before: dolma_ngrams.py ROOT

Reads ROOT/documents/*.jsonl and writes ROOT/attributes/. Only the compiled engine is loaded: the package around it brings in taggers that
want data from the network, and they would be counted in time and memory for nothing.
"""
import importlib.machinery
import importlib.util
import json
import os
import sys

RUN, SEEN = 5, 0.7


def engine():
    """The compiled part of the installed package."""
    folder = importlib.util.find_spec("dolma").submodule_search_locations[0]
    path = next(os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.startswith("dolma.") and f.endswith(".so"))
    loader = importlib.machinery.ExtensionFileLoader("dolma", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dolma", loader))
    loader.exec_module(module)
    return module


def settings(root):
    by_ngram = {"ngram_length": RUN, "stride": 0, "overlap_threshold": SEEN, "skip_short_paragraphs": True}
    paragraphs = {"attribute_name": "seen", "by_ngram": by_ngram, "paragraph_separator": "\n"}
    dedupe = {"name": "seen", "paragraphs": paragraphs, "skip_empty": True, "min_length": 0, "min_words": 0}
    dedupe |= {"num_partitions": 1, "partition_index": 0, "file_partition": False, "document_dir": "documents"}
    bloom = {"file": os.path.join(root, "bloom.bin"), "read_only": False, "size_in_bytes": 0}
    bloom |= {"estimated_doc_count": 20_000_000, "desired_false_positive_rate": 1e-4}
    return {
        "documents": [os.path.join(root, "documents", "*.jsonl")],
        "work_dir": {"input": os.path.join(root, "in"), "output": os.path.join(root, "out")},
        "dedupe": dedupe,
        "bloom_filter": bloom,
        "processes": 1,
        "compression": {"input": None, "output": None},
        "is_s3_volume": False,
    }


def main():
    root = os.path.abspath(sys.argv[1])
    engine().deduper_entrypoint(json.dumps(settings(root)))


main()
