# make demo restores a small sample and says how well; make test runs all tests; make build builds for use.
SWIFT ?= swift
TOOL = .build/release/inrr-video
OUT = out/demo
# Where `make install` installs; DESTDIR comes before it.
PREFIX ?= /usr/local
# Swift's runtime is linked into the tool, which then runs where there is no Swift; what is linked can't be changed while
# it runs. .ci/test-trixie says the same.
RELEASE = build -c release --static-swift-stdlib --product inrr-video -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now

.PHONY: all build test fidelity test-quality test-kernels test-slurm test-kubernetes test-trixie test-kills test-report test-packages test-python test-asan test-asan-changed test-tsan test-faults test-arm64 fuzz lint format demo sample pictures deps benchmark \
  install dist deb wheel clean

all: build

deps:
	@.ci/deps

build: deps
	$(SWIFT) $(RELEASE)

# The tool, manual, completions, documents: `make install PREFIX=$$HOME/.local`, or `make build && sudo make install`,
# which needs no Swift on root's path.
install:
	@[ -x $(TOOL) ] || $(MAKE) build
	packaging/stage $(TOOL) $(DESTDIR)$(PREFIX)

# A package for the Debian or Ubuntu that it is made on, an archive of the same, and a wheel for Python.
deb: build
	@packaging/make-deb $(TOOL) out

dist: build
	@packaging/make-dist $(TOOL) out

wheel: build
	@packaging/make-wheel $(TOOL) out

test: deps
	$(SWIFT) test --parallel

# The sample with five kinds of damage, none of which may come out worse; needs Python 3.
test-quality: build
	.ci/test-quality

# The kernels, each as fast as a share of what this machine can do.
test-kernels: deps
	$(SWIFT) run -c release --package-path Benchmarks KernelBenchmarks check

# A batch on a Slurm cluster of one node, which is started for it; and the files for Kubernetes against its API.
test-slurm: build
	.ci/test-slurm

test-kubernetes:
	.ci/test-kubernetes

# Build, and tests of what uses its libraries, on Debian 13, which is laid into a folder; TRIXIE_ARGS="--filter
# FidelityTests", for example.
test-trixie:
	.ci/test-trixie $(TRIXIE_ARGS)

# A batch of thirty files that is killed five times, and a plan whose workers and merges are, compared with what is not killed.
# KILLS_SEED=N repeats a run.
test-kills: build
	Tests/BatchKills/test_kills.py $(TOOL) out/test-kills $(KILLS_SEED)
	Tests/BatchKills/test_plan_kills.py $(TOOL) out/test-plan-kills $(KILLS_SEED)

# A restoration and a batch in which one call of the system after the other fails.
test-faults: build
	Tests/Faults/test_faults.py $(TOOL) out/test-faults

# The kernels for arm64 in qemu; says so where there is none.
test-arm64:
	Tests/Arm64/run.sh out/test-arm64

# The pages of a restoration in headless Chromium; says so where there is none.
test-report: build
	Tests/ReportPage/run.sh $(TOOL) out/test-report

# Packages, installed in clean Debians of two releases, with manual and completions; the module for Python.
test-packages: build
	.ci/test-packages

test-python: build
	.ci/test-python

# Memory and undefined behaviour, and races of threads, in builds of their own; ASAN_ARGS="--filter MediaTests", for example.
test-asan: deps
	SWIFT="$(SWIFT)" .ci/sanitized address $(ASAN_ARGS)

test-tsan: deps
	SWIFT="$(SWIFT)" .ci/sanitized thread $(TSAN_ARGS)

# Of the suites of test-asan those whose modules differ from what the branch was made from, or from the commit before on
# the main branch; or from BASE=COMMIT.
test-asan-changed: deps
	SWIFT="$(SWIFT)" .ci/sanitized address --changed $(BASE)

# Files that are changed at random, with the address sanitizer; FUZZ_ARGS="nifti --executions 1000000", for example.
fuzz: deps
	SWIFT="$(SWIFT)" .ci/fuzz $(FUZZ_ARGS)

# Files of all kinds through a restoration, compared field by field; docs/fidelity.md is the table of what comes out.
fidelity: deps
	SWIFT="$(SWIFT)" .ci/fidelity

lint: deps
	$(SWIFT) format lint --strict -r Package.swift Sources Tests Benchmarks

format: deps
	$(SWIFT) format -i -r Package.swift Sources Tests Benchmarks

# Makes the samples anew; their files are part of the repository.
sample: deps
	samples/make-sample.sh samples
	samples/make-film.sh samples

# Makes the pictures of the documents anew, from the samples.
pictures: build
	samples/make-pictures.sh $(TOOL) samples

demo: build
	@mkdir -p $(OUT)
	$(TOOL) samples/damaged.mkv --mask samples/mask.mkv -o $(OUT)/restored.mkv --lossless --force \
	  --metrics $(OUT)/metrics.json $(DEMO_ARGS)
	@samples/report.sh $(TOOL) $(OUT)

# Quality, speed and memory; needs Python 3 with numpy and scipy. CASES_ARGS="--preset fast", for example.
benchmark: build
	$(SWIFT) run -c release --package-path Benchmarks KernelBenchmarks
	Benchmarks/cases.py --check Benchmarks/targets.json $(CASES_ARGS)
	Benchmarks/memory.py

clean:
	rm -rf .build out Benchmarks/.build
