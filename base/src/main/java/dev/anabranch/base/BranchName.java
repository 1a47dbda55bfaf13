package dev.anabranch.base;

import java.util.regex.Pattern;

/**
 * What a person calls a branch: 1 to 63 characters, an RFC 1123 label (lower-case letters, digits
 * and inner hyphens).
 *
 * @param value the name as written
 */
public record BranchName(String value) {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_NAME_INVALID} when the text is no such
   *     label
   */
  public BranchName {
    if (!LABEL.matcher(value).matches()) {
      throw new AnabranchException(ErrorCode.BRANCH_NAME_INVALID, value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
