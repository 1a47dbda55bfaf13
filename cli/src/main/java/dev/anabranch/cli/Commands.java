package dev.anabranch.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What the commands share. */
final class Commands {

  private Commands() {}

  /** For fields that picocli fills before the command runs. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // filled by reflection, always
  static <T> T unset() {
    return null;
  }

  static String branchPath(String name, String... rest) {
    StringBuilder path = new StringBuilder("/branches/").append(escape(name));
    for (String part : rest) {
      path.append('/').append(part);
    }
    return path.toString();
  }

  static String receiptPath(String id) {
    return "/receipts/" + escape(id);
  }

  static String tokenPath(String id) {
    return "/tokens/" + escape(id);
  }

  static String checkPath(String name) {
    return "/checks/" + escape(name);
  }

  static String rulePath(String column) {
    return "/rules/" + escape(column);
  }

  static String webhookPath(String id) {
    return "/webhooks/" + escape(id);
  }

  private static String escape(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
