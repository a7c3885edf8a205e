// OpenBLAS's sgemm on one product [m, k] by [k, n], the same operands again and
// again, which is what speed --product does. Prints one line of JSON;
// tokens_per_s are products per second.
//
//   gcc -O2 -o /tmp/openblas benchmarks/peers/openblas/product.c -lopenblas
//   /tmp/openblas --product 32,512,128 --threads 1 --seconds 8
#define _POSIX_C_SOURCE 199309L
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct options {
    int m, n, k, threads;
    double seconds;
};

static const int most = 8192; // more columns or rows are a mistake

static int parse(int argc, char **argv, struct options *o) {
    *o = (struct options){.threads = 1, .seconds = 8};
    char rest;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--product")) {
            if (sscanf(argv[i + 1], "%d,%d,%d%c", &o->m, &o->n, &o->k, &rest) != 3) return 0;
        } else if (!strcmp(argv[i], "--threads")) {
            o->threads = atoi(argv[i + 1]);
        } else if (!strcmp(argv[i], "--seconds")) {
            o->seconds = atof(argv[i + 1]);
        } else {
            return 0;
        }
    }
    const int sizes = o->m > 0 && o->n > 0 && o->k > 0 && o->m <= most && o->n <= most && o->k <= most;
    return argc % 2 == 1 && sizes && o->threads > 0 && o->seconds >= 0;
}

// matrix has small numbers of both signs in it.
static float *matrix(int rows, int cols) {
    const size_t n = (size_t)rows * cols;
    float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
    if (!x) exit(1);
    for (size_t i = 0; i < n; i++) x[i] = (float)(i % 7) - 3;
    return x;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
    struct options o;
    if (!parse(argc, argv, &o)) {
        fprintf(stderr, "openblas: --product M,N,K (up to %d), --threads N, --seconds S\n", most);
        return 2;
    }
    openblas_set_num_threads(o.threads);
    float *x = matrix(o.m, o.k), *w = matrix(o.k, o.n), *y = matrix(o.m, o.n);
    long n = 0;
    double start = 0, seconds = 0;
    for (long i = -5; i < 3 || seconds < o.seconds; i++) {
        if (i == 0) start = now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, o.m, o.n, o.k, 1, x, o.k, w, o.n, 0, y, o.n);
        if (i >= 0) {
            seconds = now() - start;
            n++;
        }
    }
    // A processor that is younger than the library counts as the oldest one.
    const char *core = openblas_get_corename();
    const char *warning = strcmp(core, "Prescott") ? "" : ",\"warning\":\"OpenBLAS does not know this processor; set OPENBLAS_CORETYPE\"";
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"peer\":\"openblas\",\"task\":\"product\",\"config\":\"%dx%dx%d\",\"threads\":%d,\"tokens_per_s\":%.1f,"
           "\"ms_per_step\":%.6f,\"peak_rss_mb\":%.1f,\"loss0\":null,\"lossN\":null,\"steps\":%ld,\"gflops\":%.1f,\"core\":\"%s\"%s}\n",
           o.m, o.n, o.k, o.threads, n / seconds, 1e3 * seconds / n, usage.ru_maxrss / 1024.0, n,
           2.0 * o.m * o.n * o.k * n / seconds * 1e-9, core, warning);
    free(x);
    free(w);
    free(y);
    return 0;
}
