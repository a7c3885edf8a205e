// What one core can do at most: multiply-adds on registers, and reading memory
// that is as large as half of each cache, or far larger than all. Prints lines
// for the roofline picture: kind, name, GFLOP/s or GB/s, separated by tabs.
//
//   gcc -O3 -march=native -o /tmp/limits benchmarks/peers/limits/limits.c
//   /tmp/limits 0.5
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __AVX512F__
#define WIDTH 16
#else
#define WIDTH 8
#endif

typedef float vector __attribute__((vector_size(4 * WIDTH)));

enum { chains = 10 }; // independent ones, more than a unit's latency asks for

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

// keep makes the compiler believe that x is used, and changed.
#define keep(x) __asm__ volatile("" : "+x"(x))

// peak is the best of five runs, in GFLOP/s.
static double peak(double seconds) {
    double best = 0;
    for (int run = 0; run < 5; run++) {
        vector s[chains], a, b;
        memset(s, 0, sizeof s);
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        const double start = now();
        double took = 0, flops = 0;
        while (took < seconds / 5) {
            keep(a);
            keep(b);
            for (int i = 0; i < 20000; i++) {
#pragma GCC unroll 10
                for (int c = 0; c < chains; c++) s[c] = s[c] * a + b;
            }
            for (int c = 0; c < chains; c++) keep(s[c]);
            flops += 2.0 * WIDTH * chains * 20000;
            took = now() - start;
        }
        if (flops / took > best) best = flops / took;
    }
    return best * 1e-9;
}

// reading is the best of five runs over so many bytes, in GB/s.
static double reading(size_t bytes, double seconds) {
    const size_t n = bytes / sizeof(vector) / 8 * 8;
    vector *x = aligned_alloc(64, n * sizeof *x);
    if (!x) exit(1);
    memset(x, 0, n * sizeof *x);
    double best = 0;
    for (int run = 0; run < 5; run++) {
        vector s[8];
        memset(s, 0, sizeof s);
        const double start = now();
        double took = 0, read = 0;
        while (took < seconds / 5) {
            for (size_t i = 0; i < n; i += 8) {
#pragma GCC unroll 8
                for (int c = 0; c < 8; c++) s[c] += x[i + c];
            }
            for (int c = 0; c < 8; c++) keep(s[c]);
            read += n * sizeof *x;
            took = now() - start;
        }
        if (read / took > best) best = read / took;
    }
    free(x);
    return best * 1e-9;
}

int main(int argc, char **argv) {
    const double seconds = argc > 1 ? atof(argv[1]) : 0.5;
    const struct {
        const char *name;
        long size;
    } caches[] = {
        {"L1", sysconf(_SC_LEVEL1_DCACHE_SIZE)}, {"L2", sysconf(_SC_LEVEL2_CACHE_SIZE)}, {"L3", sysconf(_SC_LEVEL3_CACHE_SIZE)},
        {"memory", 1L << 29},
    };
    printf("peak\tmultiply-add\t%.1f\n", peak(seconds));
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++)
        if (caches[i].size > 0) printf("reading\t%s\t%.1f\n", caches[i].name, reading(caches[i].size / 2, seconds));
    return 0;
}
