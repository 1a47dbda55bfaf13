/** What a check costs against asking everything again. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.check;
