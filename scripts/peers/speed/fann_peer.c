/* fann_peer infer|step SECONDS WIDTH...: FANN's time for one row of a network with sigmoids (it has no ReLU), as one
 * line of JSON. A step is its incremental training: forward, squared error, backward and update of one row. */
#include <fann.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_LAYERS 16
#define MOST_SAMPLES 1000000

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

int main(int count, char** arguments) {
  if (count < 5 || count > 3 + MOST_LAYERS) {
    fprintf(stderr, "usage: fann_peer infer|step SECONDS WIDTH...\n");
    return 2;
  }
  const int trains = strcmp(arguments[1], "step") == 0;
  const double seconds = atof(arguments[2]);
  unsigned widths[MOST_LAYERS];
  const unsigned layers = (unsigned)count - 3;
  for (unsigned i = 0; i < layers; ++i) widths[i] = (unsigned)atoi(arguments[3 + i]);
  struct fann* network = fann_create_standard_array(layers, widths);
  fann_set_activation_function_hidden(network, FANN_SIGMOID);
  fann_set_activation_function_output(network, FANN_SIGMOID);
  fann_set_learning_rate(network, 0.1F);
  fann_type* x = malloc(widths[0] * sizeof *x);
  fann_type* y = malloc(widths[layers - 1] * sizeof *y);
  for (unsigned i = 0; i < widths[0]; ++i) x[i] = (fann_type)(2.0 * rand() / RAND_MAX - 1);
  for (unsigned i = 0; i < widths[layers - 1]; ++i) y[i] = 1;

  double* samples = malloc(MOST_SAMPLES * sizeof *samples);
  long repeats = 1;
  int taken = 0, calibrated = 0;
  for (double total = 0; taken < MOST_SAMPLES && (total < seconds || taken < 3);) {
    const double start = now();
    for (long i = 0; i < repeats; ++i) {
      if (trains) fann_train(network, x, y);
      else fann_run(network, x);
    }
    const double spent = now() - start;
    if (!calibrated && spent < 2e-3 && repeats < 100000) {
      repeats *= 2;
      continue;
    }
    calibrated = 1;
    samples[taken++] = spent;
    total += spent;
  }
  qsort(samples, (size_t)taken, sizeof *samples, ascending);
  printf("{\"best_ns\": %.2f, \"median_ns\": %.2f}\n", 1e9 * samples[0] / (double)repeats,
         1e9 * samples[taken / 2] / (double)repeats);
  fann_destroy(network);
  return 0;
}
