// Counting in this program too: an archive would put the counter into every test.
#include "backends/allocations.cpp"
