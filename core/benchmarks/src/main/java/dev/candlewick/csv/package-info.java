/** Stages of reading CSV that its package keeps to itself, for measuring. */
@org.jspecify.annotations.NullMarked
package dev.candlewick.csv;
