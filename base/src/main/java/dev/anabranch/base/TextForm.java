package dev.anabranch.base;

import java.util.List;

/**
 * The session settings under which every row image in this project is rendered, so that images from
 * logical decoding, from a golden image and from main can be compared as text.
 */
public final class TextForm {

  /** {@code SET} statements; run them on any session whose rows become {@link Image}s. */
  public static final List<String> SET_STATEMENTS =
      List.of(
          // Names of tables, types and functions in cells are qualified.
          "SET search_path = pg_catalog",
          "SET array_nulls = on",
          "SET DateStyle = 'ISO, YMD'",
          "SET IntervalStyle = 'postgres'",
          "SET TimeZone = 'UTC'",
          "SET extra_float_digits = 1",
          "SET bytea_output = 'hex'",
          "SET xmlbinary = 'base64'",
          "SET lc_monetary = 'C'");

  private TextForm() {}
}
