"""Batch runs measured: overhead over a loop, two workers against one, a million records, another tool on a folder.

python benchmarks/batch.py overhead [--count 2000] [--rounds 3]
python benchmarks/batch.py workers [--count 10000] [--rounds 1]
python benchmarks/batch.py million [--count 1000000] [--kind jsonl|parquet]
python benchmarks/batch.py trafilatura --html FOLDER [--count 2000]

Rounds take turns, so that a busy machine hurts both sides; the ratio is of the best of each.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from pages import pages_of_fixtures

import cleaner

DIFFERENT_PAGES = 200  # made once; a run goes round them
RECORD_BYTES = 2_000
WANTED_OVERHEAD, WANTED_SPEEDUP, WANTED_MB, WANTED_RATIO = 1.15, 1.8, 300, 4.0


def pages(count: int) -> Iterator[str]:
    """Pages of the size of an average page of a crawl that was flattened."""
    return islice(cycle(list(pages_of_fixtures(min(count, DIFFERENT_PAGES)))), count)


def write_jsonl(path: Path, texts: Iterator[str]) -> None:
    """Records as crawls have them."""
    with path.open("w") as file:
        for number, text in enumerate(texts):
            record = {"id": number, "url": f"https://site.example/{number}", "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def write_parquet(path: Path, texts: Iterator[str]) -> None:
    """The same in row groups of the size that pyarrow writes unless told otherwise."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.int64()), ("url", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, sys.maxsize, 1_000_000):
            rows = list(islice(texts, 1_000_000))
            if not rows:
                return
            numbers = range(start, start + len(rows))
            urls = [f"https://site.example/{number}" for number in numbers]
            writer.write_table(pa.table([list(numbers), urls, rows], schema=schema))


class Taken:
    """Wall and processor seconds of a piece of work, children included."""

    def __init__(self, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), self._cpu()
        work()
        self.wall, self.cpu = time.perf_counter() - wall, self._cpu() - cpu

    @staticmethod
    def _cpu() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)


def batch(source: Path, **options: object) -> None:
    """One run into a folder that is thrown away."""
    with tempfile.TemporaryDirectory(dir=source.parent) as output:
        result = cleaner.batch(source, output, **options)  # type: ignore[arg-type]
        assert not result.failed, result


def measure_overhead(folder: Path, args: argparse.Namespace) -> None:
    """Prints what a run costs over calling clean() in a loop, for files and for records."""
    texts = list(pages(args.count))
    (folder / "files").mkdir()
    for number, text in enumerate(texts):
        (folder / "files" / f"{number}.txt").write_text(text)
    write_jsonl(folder / "records.jsonl", iter(texts))
    runs: dict[str, Callable[[], object]] = {
        "loop": lambda: [cleaner.clean(text).text for text in texts],
        "files": lambda: batch(folder / "files", jobs=1),
        "records": lambda: batch(folder / "records.jsonl", jobs=1),
    }
    cleaner.clean(texts[0])
    best = best_of(runs, args.rounds)
    for name in ("files", "records"):
        wall, cpu = best[name].wall / best["loop"].wall, best[name].cpu / best["loop"].cpu
        verdict = "reached" if wall <= WANTED_OVERHEAD else f"wanted {WANTED_OVERHEAD}"
        print(f"{name:8} one worker {wall:.2f} times the loop's time ({verdict}), {cpu:.2f} times its processor time")
    ms = best["loop"].cpu / args.count * 1000
    print(f"loop     {ms:.2f} ms of processor time a page")


def best_of(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, Taken]:
    """The quickest round of each."""
    taken = [{name: Taken(work) for name, work in runs.items()} for _ in range(rounds)]
    return {name: min((one[name] for one in taken), key=lambda one: one.wall) for name in runs}


def measure_workers(folder: Path, args: argparse.Namespace) -> None:
    """Prints how much faster two workers are than one."""
    source = folder / "records.jsonl"
    write_jsonl(source, pages(args.count))
    best = best_of(
        {"one": lambda: batch(source, jobs=1), "two": lambda: batch(source, jobs=2)},
        args.rounds,
    )
    ratio = best["one"].wall / best["two"].wall
    verdict = "reached" if ratio >= WANTED_SPEEDUP else f"wanted {WANTED_SPEEDUP}"
    print(f"{args.count:,} records: one worker {best['one'].wall:.1f} s, two {best['two'].wall:.1f} s")
    print(f"two are {ratio:.2f} times as fast ({verdict})")
    both, cores = best["two"], os.cpu_count() or 1
    print(f"processor time a second with two workers: {both.cpu / both.wall:.2f}, of {cores} cores")


def measure_million(folder: Path, args: argparse.Namespace) -> None:
    """Prints the rate and the main process's peak memory over many small records."""
    source = folder / f"records.{args.kind}"
    records = (_part(text, number) for number, text in enumerate(pages(args.count)))
    (write_jsonl if args.kind == "jsonl" else write_parquet)(source, records)
    script = (
        "import cleaner, json, re, sys\n"
        "result = cleaner.batch(sys.argv[1], sys.argv[2])\n"
        # Not ru_maxrss, which a process inherits from the one that started it.
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024\n"
        "print(json.dumps({**result.as_table(), 'peak_mb': peak}))\n"
    )
    call = [sys.executable, "-c", script, str(source), str(folder / "out")]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    verdict = "reached" if found["peak_mb"] <= WANTED_MB else f"wanted {WANTED_MB}"
    print(
        f"{args.kind}: {found['done']:,} records, {source.stat().st_size / 1e6:,.0f} MB, in {found['seconds']:,.0f} s"
    )
    rate = found["done"] / found["seconds"]
    print(f"main process at most {found['peak_mb']} MB ({verdict}), {rate:,.0f} records a second")


def _part(text: str, number: int) -> str:
    """Some lines of a page; others of the same page for other numbers."""
    start = text.rfind("\n", 0, number * 7919 % max(1, len(text) - RECORD_BYTES)) + 1
    return text[start : start + RECORD_BYTES]


def measure_trafilatura(folder: Path, args: argparse.Namespace) -> None:
    """Prints both times over the same folder of HTML pages, with as many processes."""
    source = folder / "html"
    source.mkdir()
    found = sorted(Path(args.html).rglob("*.html"))
    for number, path in enumerate(islice(cycle(found), args.count)):
        shutil.copyfile(path, source / f"{number}.html")
    program = [shutil.which("trafilatura") or str(Path(sys.executable).with_name("trafilatura"))]
    call = [*program, "--input-dir", str(source), "--parallel", "2", "--output-dir"]

    def other() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as output:
            subprocess.run([*call, output], check=True, capture_output=True)

    best = best_of({"ours": lambda: batch(source, jobs=2), "other": other}, args.rounds)
    ratio = best["other"].wall / best["ours"].wall
    verdict = "reached" if ratio >= WANTED_RATIO else f"wanted {WANTED_RATIO}"
    print(f"{args.count:,} pages: cleaner {best['ours'].wall:.1f} s, trafilatura {best['other'].wall:.1f} s")
    print(f"cleaner is {ratio:.1f} times as fast ({verdict})")


MEASURES = {
    "overhead": (measure_overhead, 2000),
    "workers": (measure_workers, 10_000),
    "million": (measure_million, 1_000_000),
    "trafilatura": (measure_trafilatura, 2_000),
}


def main() -> None:
    """Prints one measurement."""
    args = _arguments()
    measure, count = MEASURES[args.what]
    args.count = args.count or count
    with tempfile.TemporaryDirectory(prefix="cleaner-benchmark-") as folder:
        measure(Path(folder), args)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=MEASURES)
    parser.add_argument("--count", type=int, help="how many pages or records")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=("jsonl", "parquet"), default="jsonl")
    parser.add_argument("--html", help="a folder of HTML pages")
    args = parser.parse_args()
    if args.what == "trafilatura" and not args.html:
        parser.error("trafilatura needs --html FOLDER")
    return args


if __name__ == "__main__":
    main()
