/** How a column combines: what both sides made of one cell, put together by a rule. Pure. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.promote.merge;
