/**
 * The check's input and output: analysing statements on the branch, reading the fork's rows, asking
 * again on the mirror or on a scratch copy of main.
 */
@NullMarked
package dev.anabranch.check;

import org.jspecify.annotations.NullMarked;
