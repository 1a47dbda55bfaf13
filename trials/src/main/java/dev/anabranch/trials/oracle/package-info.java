/**
 * Random branches judged by brute force: every verdict of the product is compared with the answer
 * that the statement gives on main now with the branch's own earlier writes laid over it.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.oracle;
