package dev.anabranch.server.webhook;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An address that is told when an answer stops to hold, or holds again.
 *
 * @param branch whose answers; empty for those of every branch. A name: a branch that was reset is
 *     still meant, and one that was renamed is not.
 * @param url where it is told
 * @param who set it
 */
public record Webhook(String id, Optional<BranchName> branch, URI url, String who, Instant setAt) {

  private static final int LONGEST_URL = 2000;
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /**
   * An address as somebody typed it.
   *
   * @throws AnabranchException WEBHOOK_URL
   */
  public static URI url(String text) {
    try {
      URI url = new URI(text.strip());
      boolean fit =
          text.length() <= LONGEST_URL
              && url.getScheme() != null
              && SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawFragment() == null;
      if (fit) {
        return url;
      }
    } catch (URISyntaxException e) {
      // no address, so none that can be told anything
    }
    throw new AnabranchException(ErrorCode.WEBHOOK_URL, shortened(text));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_URL ? text : text.substring(0, LONGEST_URL) + "…";
  }

  boolean isFor(BranchName name) {
    return branch.isEmpty() || branch.get().equals(name);
  }
}
